using System.CommandLine;
using Interp.Compute.Options;

namespace Interp.Cli.Verbs;

/// <summary>The flags of an options record, made from its descriptions; none is written by hand.</summary>
internal sealed class OptionFlags
{
    private readonly List<(OptionDescription Description, Option Flag)> _flags;

    /// <summary>Makes the flags of a record type.</summary>
    /// <param name="optionsType">The options record.</param>
    /// <param name="withoutNames">Properties that the verb sets in another way.</param>
    public OptionFlags(Type optionsType, params string[] withoutNames) =>
        _flags = [.. OptionsSchema.Describe(optionsType).Where(option => !withoutNames.Contains(option.Name)).Select(option => (option, Flag(option)))];

    /// <summary>The flags.</summary>
    public IEnumerable<Option> Options => _flags.Select(flag => flag.Flag);

    /// <summary>The values that the command line gives, by property name; what it does not name is left to the record's defaults.</summary>
    public IReadOnlyDictionary<string, string> Values(ParseResult parsed)
    {
        var values = new Dictionary<string, string>();
        foreach (var (description, flag) in _flags)
        {
            if (parsed.GetResult(flag) is { Implicit: false } && Text(parsed, flag) is { } text)
            {
                values.Add(description.Name, text);
            }
        }

        return values;
    }

    private static string? Text(ParseResult parsed, Option flag) => flag switch
    {
        Option<bool> yesOrNo => parsed.GetValue(yesOrNo) ? "true" : "false",
        Option<string[]> list => string.Join(',', parsed.GetValue(list) ?? []),
        _ => parsed.GetValue((Option<string>)flag),
    };

    // Values stay text here: the record's own schema reads and checks them, with the same words for every way in.
    private static Option Flag(OptionDescription option) => option.Kind switch
    {
        OptionKind.Switch => new Option<bool>(option.Flag) { Description = Help(option) },
        OptionKind.List => new Option<string[]>(option.Flag) { Description = Help(option), HelpName = "A,B", Arity = ArgumentArity.OneOrMore },
        _ => new Option<string>(option.Flag) { Description = Help(option), HelpName = Placeholder(option) },
    };

    private static string Placeholder(OptionDescription option) => option.Kind switch
    {
        OptionKind.Choice => string.Join("|", option.Choices),
        OptionKind.Text => "TEXT",
        _ => option.Unit is null ? "N" : option.Unit.ToUpperInvariant(),
    };

    private static string Help(OptionDescription option)
    {
        var description = option.Description.TrimEnd('.') + ".";
        return option.Default.Length > 0 ? $"{description} [{option.Default}]" : description;
    }
}
