using Interp.Analysis;

namespace Interp.Workbench.Jobs;

/// <summary>How the command line names the analyses and their sources.</summary>
public static class AnalysisVerb
{
    // Verbs that are not the analysis's name with a space for its first hyphen.
    private static readonly Dictionary<string, string> s_verbs = new(StringComparer.Ordinal)
    {
        ["atoms"] = "atoms train",
        ["entanglement-internal"] = "entanglement matrix",
    };

    private static readonly (SourceKinds Kind, string Flag, string Placeholder, string Description)[] s_sources =
    [
        (SourceKinds.Dictionary, "--dictionary", "SAE_DIR", "a sparse autoencoder's folder, or the run that trained it"),
        (SourceKinds.Model, "--model", "MODEL", "a shipped model's name, a workspace model's name or a folder"),
        (SourceKinds.Tensor, "--tensor", "FILE:TENSOR", "one tensor of a safetensors file"),
        (SourceKinds.Activations, "--activations", "DIR", "a folder of activation shards, or the run that captured them"),
        (SourceKinds.Text, "--text-file", "F", "a UTF-8 text file"),
    ];

    /// <summary>The verb's words ("circles find").</summary>
    /// <param name="analysis">The catalogue name, or <see cref="JobRequest.WholeLine"/>.</param>
    public static string Of(string analysis)
    {
        if (s_verbs.TryGetValue(analysis, out var verb))
        {
            return verb;
        }

        var hyphen = analysis.IndexOf('-', StringComparison.Ordinal);
        return hyphen < 0 ? analysis : $"{analysis[..hyphen]} {analysis[(hyphen + 1)..]}";
    }

    /// <summary>
    /// The sources that the first word after the verb may name: a dictionary where there is one (or a tensor or model, where any of
    /// them will do), else the model or the tensor, else none.
    /// </summary>
    public static SourceKinds Positional(SourceKinds sources) =>
        sources.HasFlag(SourceKinds.Dictionary) && !sources.HasFlag(SourceKinds.Tensor)
            ? SourceKinds.Dictionary
            : sources & (SourceKinds.Dictionary | SourceKinds.Model | SourceKinds.Tensor);

    /// <summary>The flag of a kind of source ("--text-file").</summary>
    public static string Flag(SourceKinds kind) => Array.Find(s_sources, source => source.Kind == kind).Flag;

    /// <summary>The placeholder of a kind of source in help texts ("SAE_DIR").</summary>
    public static string Placeholder(SourceKinds kind) => Array.Find(s_sources, source => source.Kind == kind).Placeholder;

    /// <summary>What a kind of source is, in a few words.</summary>
    public static string Describe(SourceKinds kind) => Array.Find(s_sources, source => source.Kind == kind).Description;

    /// <summary>The kinds in a set, one by one, in the order in which help texts list them.</summary>
    public static IReadOnlyList<SourceKinds> Each(SourceKinds sources) =>
        [.. s_sources.Select(source => source.Kind).Where(kind => sources.HasFlag(kind))];
}
