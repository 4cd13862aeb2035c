using System.CommandLine;
using System.Text;
using Interp.Cli.Frame;
using Interp.Compute.Options;
using Interp.Models;
using Interp.Models.Generation;

namespace Interp.Cli.Verbs;

/// <summary><c>interp generate</c>: a model goes on with a text, which is printed as it comes.</summary>
internal sealed class GenerateVerb : Verb
{
    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string> _prompt = new("--prompt") { Description = "The text to go on with.", HelpName = "T", Required = true };
    private readonly OptionFlags _flags = new(typeof(GenerationOptions));

    /// <summary>Makes the verb.</summary>
    public GenerateVerb() : base("generate", "Let a model go on with a text.")
    {
        Add(_model);
        Option[] options = [_prompt, .. _flags.Options, CommonOptions.Device, CommonOptions.Dtype];
        foreach (var option in options)
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        var options = (GenerationOptions)OptionsSchema.Create(typeof(GenerationOptions), _flags.Values(context.Parsed));
        var prompt = context.Get(_prompt)!;
        using var model = context.LoadModel(context.Get(_model));
        if (model.Tokenizer is { } tokenizer)
        {
            VerbContext.Plan(model, RunMemory.Generation(model, Math.Max(1, tokenizer.EncodePrompt(prompt).Length), options.MaxNewTokens));
        }

        var (text, tokens) = (new StringBuilder(), new List<GeneratedToken>());
        context.Progress.Clear();
        foreach (var token in new Generator(model).Generate(prompt, options, context.Cancellation))
        {
            tokens.Add(token);
            text.Append(token.Text);
            if (!context.IsJson)
            {
                context.Output.Write(token.Text);
                context.Output.Flush();
            }
        }

        var made = new Generated(prompt, text.ToString(), [.. tokens.Select(token => token.Id)], [.. tokens.Select(token => token.LogProbability)], tokens[^1].End);
        context.Print(made, (output, _) => output.WriteLine());
    }

    /// <summary>What was made.</summary>
    /// <param name="Prompt">The text gone on with.</param>
    /// <param name="Text">The new text.</param>
    /// <param name="Ids">The new tokens.</param>
    /// <param name="LogProbabilities">Their log-probabilities by the model itself, in nats.</param>
    /// <param name="End">Why it ended.</param>
    private sealed record Generated(string Prompt, string Text, IReadOnlyList<int> Ids, IReadOnlyList<double> LogProbabilities, GenerationEnd? End);
}
