using System.CommandLine;
using Interp.Analysis.Atoms;
using Interp.Analysis.Atoms.Formats;
using Interp.Cli.Frame;

namespace Interp.Cli.Verbs;

/// <summary><c>interp atoms convert</c>: a sparse autoencoder from one layout into another, read back before success is reported.</summary>
internal sealed class AtomsConvertVerb : Verb
{
    private static readonly Dictionary<string, DictionaryFormat> s_formats = new(StringComparer.Ordinal)
    {
        ["saelens"] = DictionaryFormat.SaeLens,
        ["sparsify"] = DictionaryFormat.Sparsify,
        ["gemma-scope"] = DictionaryFormat.GemmaScope,
        ["dictionary-learning"] = DictionaryFormat.DictionaryLearning,
        ["circuit-tracer"] = DictionaryFormat.CircuitTracer,
    };

    private readonly Argument<string> _source = new("source") { HelpName = "SRC", Description = "A sparse autoencoder's folder, or its single file, in any layout that is read." };
    private readonly Argument<string> _target = new("target") { HelpName = "DST", Description = "The folder to write." };
    private readonly Option<string> _to = new("--to") { Description = $"The layout: {string.Join(", ", s_formats.Keys)}.", HelpName = "LAYOUT", Required = true };

    /// <summary>Makes the verb.</summary>
    public AtomsConvertVerb() : base("convert", "Write a sparse autoencoder in another tool's layout.")
    {
        Add(_source);
        Add(_target);
        Add(_to);
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        var name = context.Get(_to)!;
        if (!s_formats.TryGetValue(name, out var format))
        {
            throw new UsageException($"--to {name} is no layout that is written: use one of {string.Join(", ", s_formats.Keys)}");
        }

        using var dictionary = SparseAutoencoder.Load(context.Get(_source));
        var folder = context.Get(_target);
        var difference = DictionaryConversion.Run(dictionary, folder, format);
        var info = dictionary.Info;
        var written = new Written($"{info.Format}", name, $"{info.Architecture}", [dictionary.InputWidth, dictionary.Width, dictionary.OutputWidth], difference, Path.GetFullPath(folder), info.Conversions, info.Warnings);
        context.Print(written, (output, result) => output.WriteLine(
            $"{result.Architecture} [{string.Join(", ", result.Sizes)}] from {result.From} to {result.To}: codes read back within {result.LargestDifference:0.##e+0}; {result.Path}"));
    }

    /// <summary>What was written.</summary>
    /// <param name="From">The layout it was read from.</param>
    /// <param name="To">The layout written.</param>
    /// <param name="Architecture">How codes are made.</param>
    /// <param name="Sizes">d_in, d_sae, d_out.</param>
    /// <param name="LargestDifference">Of reconstructions before and after, relative to their size.</param>
    /// <param name="Path">The folder.</param>
    /// <param name="Conversions">What was done to the weights on reading.</param>
    /// <param name="Warnings">What to know.</param>
    private sealed record Written(
        string From, string To, string Architecture, int[] Sizes, double LargestDifference, string Path, IReadOnlyList<string> Conversions, IReadOnlyList<string> Warnings);
}
