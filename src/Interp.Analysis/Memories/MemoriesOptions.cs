using Interp.Compute.Options;

namespace Interp.Analysis.Memories;

/// <summary>Which associations are looked for, and where.</summary>
public sealed record MemoriesOptions
{
    /// <summary>The associations.</summary>
    [Option("The associations looked for; automatic is each token's most frequent successor where a text is given, else each token with itself.")]
    public AssociationKind Association { get; init; }

    /// <summary>Pairs of their own.</summary>
    [Option("Pairs key>value, separated by commas: texts of one token or #id, as in \" France> Paris,#5>#9\"; a key may come several times, and any of its values counts.")]
    public IReadOnlyList<string> Pairs { get; init; } = [];

    /// <summary>The most keys.</summary>
    [Option("The keys at most, the most frequent of the text first.", Minimum = 2, Maximum = 1_000_000, Unit = "keys")]
    public int Keys { get; init; } = 2000;

    /// <summary>Tokens of the text that are counted.</summary>
    [Option("Tokens of the text that frequencies and successors are counted in.", Minimum = 2, Maximum = 1_000_000_000, Unit = "tokens")]
    public long Tokens { get; init; } = 1_000_000;

    /// <summary>The layer; null for all.</summary>
    [Option("Only this layer, from 0; empty for all.", Minimum = 0, Maximum = 10_000)]
    public int? Layer { get; init; }

    /// <summary>Whether MLPs are measured.</summary>
    [Option("Measure the MLPs too, run exactly on each key's token standing alone.")]
    public bool Mlps { get; init; } = true;

    /// <summary>Where keys are read from the second layer on.</summary>
    [Option("Read the keys of all layers from the token embedding, not from the residual stream after the first block of a token standing alone.", Advanced = true)]
    public bool KeysFromEmbedding { get; init; }

    /// <summary>How many of the best heads are looked at closely.</summary>
    [Option("How many of the best heads are looked at closely: storage weights, truncation, predictions, nulls with the same spectrum.", Minimum = 0, Maximum = 1000, Unit = "heads")]
    public int Details { get; init; } = 3;

    /// <summary>Heads whose operators are added up.</summary>
    [Option("Heads layer.head whose operators are added up and measured as one, separated by commas, as in 0.1,0.3; their keys are read at the first one's layer.")]
    public IReadOnlyList<string> SumHeads { get; init; } = [];

    /// <summary>Random projections of each width.</summary>
    [Option("Random projections of each width behind the error by width of the heads looked at closely; 0 for none.", Minimum = 0, Maximum = 1000, Unit = "projections", Advanced = true)]
    public int Projections { get; init; } = 8;

    /// <summary>Seeds of the nulls of the heads looked at closely.</summary>
    [Option("Draws of each null of the heads looked at closely.", Minimum = 2, Maximum = 1000, Unit = "draws")]
    public int NullDraws { get; init; } = 20;

    /// <summary>Permutations of the associations.</summary>
    [Option("Permutations of the associations behind each head's null and p-value.", Minimum = 19, Maximum = 100_000, Unit = "permutations")]
    public int Permutations { get; init; } = 999;

    /// <summary>The false discovery rate.</summary>
    [Option("The false discovery rate over all heads (Benjamini–Hochberg).", Minimum = 0.0001, Maximum = 0.5, Advanced = true)]
    public double DiscoveryRate { get; init; } = 0.05;

    /// <summary>The seed.</summary>
    [Option("The seed of permutations and nulls.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }
}
