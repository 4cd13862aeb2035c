using System.CommandLine;
using System.CommandLine.Parsing;
using Interp.Models.Checkpoints;

namespace Interp.Cli.Frame;

/// <summary>Says in one line what is wrong with a command line and how to mend it.</summary>
internal static class UsageText
{
    /// <summary>The first problem, or null.</summary>
    public static string? Problem(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed.CommandResult);
        if (command is not Verb)
        {
            return UnknownVerb(command, path, parsed.UnmatchedTokens);
        }

        if (parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith("--", StringComparison.Ordinal)) is { } option)
        {
            return $"{path} has no option {option}: {Near(option, OptionsOf(parsed.CommandResult))}{path} --help lists them";
        }

        return parsed switch
        {
            { UnmatchedTokens: [var word, ..] } => $"{path} does not take '{word}': see {path} --help",
            { Errors: [var first, ..] } => $"{path}: {Reworded(first)}: see {path} --help",
            _ => null,
        };
    }

    private static string UnknownVerb(Command group, string path, IReadOnlyList<string> words)
    {
        var verbs = group.Subcommands.Select(verb => verb.Name).ToList();
        if (words.Count == 0)
        {
            return $"{path} needs a verb: use one of {string.Join(", ", verbs)}; {path} --help says what they do";
        }

        return words[0].StartsWith('-')
            ? $"{path} has no option {words[0]}: {path} --help lists the verbs"
            : $"there is no verb '{path} {words[0]}': {Near(words[0], verbs)}{path} --help lists the verbs";
    }

    private static string Near(string asked, List<string> names) =>
        names.Count == 0 ? "" : $"near ones are {NearNames.List(asked, names)}; ";

    private static List<string> OptionsOf(CommandResult result)
    {
        var names = new List<string>();
        for (SymbolResult? at = result; at is not null; at = at.Parent)
        {
            names.AddRange(((CommandResult)at).Command.Options.Where(option => at == result || option.Recursive).Select(option => option.Name));
        }

        return names;
    }

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "interp";

    // The parser's own sentences, in the form of our lines.
    private static string Reworded(ParseError error) => error.SymbolResult switch
    {
        ArgumentResult { Argument: var argument, Tokens.Count: 0 } => $"{argument.HelpName ?? argument.Name} is missing",
        CommandResult { Command.Arguments: [var argument, ..] } when error.Message.Contains("Required argument", StringComparison.Ordinal) =>
            $"{argument.HelpName ?? argument.Name} is missing",
        OptionResult { Option: var option, Tokens: [var token, ..] } when error.Message.Contains("as expected type", StringComparison.Ordinal) =>
            $"{option.Name} does not take '{token.Value}'",
        _ => char.ToLowerInvariant(error.Message[0]) + error.Message[1..].TrimEnd('.'),
    };
}
