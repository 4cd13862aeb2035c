namespace Interp.Analysis.Circles.Find;

/// <summary>A cluster of latents with its planes.</summary>
public sealed record FoundCluster
{
    /// <summary>The cluster's number in the clustering, singletons and clusters not judged included.</summary>
    public required int Id { get; init; }

    /// <summary>Its latents, ascending.</summary>
    public required int[] Latents { get; init; }

    /// <summary>Its planes, in the order of their components.</summary>
    public required FoundPlane[] Planes { get; init; }

    /// <summary>The score by the chosen ranking, bits.</summary>
    public required double Score { get; init; }

    /// <summary>The mean score of the planes, bits, whatever the ranking.</summary>
    public required double MeanScore { get; init; }

    /// <summary>The mean cosine of all pairs of its decoder rows.</summary>
    public required double MeanCosine { get; init; }

    /// <summary>The number of tokens it was judged by.</summary>
    public required int Tokens { get; init; }

    /// <summary>The tokens that are most often among them, where token ids are known; at most ten.</summary>
    public TokenCount[] TopTokens { get; init; } = [];

    /// <summary>The mean, over further clusterings, of its largest Jaccard overlap with one of their clusters, 0–1; null without any.</summary>
    public double? Stability { get; init; }

    /// <summary>The scores of random sets of as many latents, bits; those active on too few tokens are left out.</summary>
    public double[] ControlScores { get; init; } = [];

    /// <summary>The rows of the activations whose points the planes show; empty for all but the best clusters.</summary>
    public long[] ShownRows { get; init; } = [];

    /// <summary>Their token ids, where known.</summary>
    public int[] ShownTokens { get; init; } = [];

    /// <summary>Their texts, where a model was named.</summary>
    public string[] ShownTexts { get; init; } = [];

    /// <summary>Their answers, for activations of modular addition.</summary>
    public int[] ShownResidues { get; init; } = [];

    /// <summary>The angle 2πα/p of each shown token that is the word α of a cycle whose words are all among the cluster's tokens, radians, null for other tokens; empty without such a cycle.</summary>
    public double?[] ShownAngles { get; init; } = [];
}
