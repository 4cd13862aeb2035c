using Interp.Analysis.Circles.Mixture;
using Interp.Analysis.Circles.Separability;

namespace Interp.Analysis.Circles.Find;

/// <summary>The clusters of a dictionary's latents, best first, beside random sets of latents.</summary>
public sealed record FindResult
{
    /// <summary>The clusters that were judged, best first; at most as many as asked for.</summary>
    public required FoundCluster[] Clusters { get; init; }

    /// <summary>All clusters that were judged.</summary>
    public required int JudgedClusters { get; init; }

    /// <summary>Latents of the dictionary.</summary>
    public required int Latents { get; init; }

    /// <summary>Latents that fired often enough to be clustered.</summary>
    public required int ClusteredLatents { get; init; }

    /// <summary>Clusters before any was left out, single latents included.</summary>
    public required int AllClusters { get; init; }

    /// <summary>Single latents.</summary>
    public required int Singletons { get; init; }

    /// <summary>Clusters left out because they are smaller or larger than asked for, single latents not counted.</summary>
    public required int ClustersOfOtherSizes { get; init; }

    /// <summary>Clusters left out because they are active on too few tokens.</summary>
    public required int ClustersWithFewTokens { get; init; }

    /// <summary>Tokens of activations that were read.</summary>
    public required long Rows { get; init; }

    /// <summary>The mean score of the random sets, bits; null when none was judged.</summary>
    public double? ControlMean { get; init; }

    /// <summary>Their 95th percentile, bits; null when none was judged.</summary>
    public double? ControlQuantile95 { get; init; }

    /// <summary>How many random sets were judged.</summary>
    public required int ControlSets { get; init; }

    /// <summary>Judged clusters whose score exceeds that percentile; a twentieth would by chance. Null without random sets.</summary>
    public int? ClustersAboveControl { get; init; }

    /// <summary>The scores of all judged clusters, descending, bits.</summary>
    public required double[] Scores { get; init; }

    /// <summary>The scores of all random sets, descending, bits.</summary>
    public required double[] ControlScores { get; init; }

    /// <summary>How latents were clustered.</summary>
    public required ClusterMethod Method { get; init; }

    /// <summary>How planes make a cluster's score.</summary>
    public required ClusterRanking Ranking { get; init; }

    /// <summary>How mutual information was estimated.</summary>
    public required SeparabilityEstimator Estimator { get; init; }

    /// <summary>How the fullest band was searched for.</summary>
    public required MixtureEstimator MixtureEstimator { get; init; }

    /// <summary>ε of the mixture band.</summary>
    public required double Epsilon { get; init; }

    /// <summary>For each cycle of words that the model's vocabulary has, where in the ranking it lies on a circle; empty without a model.</summary>
    public FoundCycle[] Cycles { get; init; } = [];

    /// <summary>The modulus p, for activations of modular addition.</summary>
    public int? Modulus { get; init; }

    /// <summary>What to keep in mind when reading the numbers, one line each.</summary>
    public required string[] Warnings { get; init; }
}
