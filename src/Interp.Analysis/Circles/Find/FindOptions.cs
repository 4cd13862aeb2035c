using Interp.Analysis.Circles.Mixture;
using Interp.Analysis.Circles.Separability;
using Interp.Compute.Clustering;
using Interp.Compute.Options;

namespace Interp.Analysis.Circles.Find;

/// <summary>How clusters of latents are made, reconstructed, judged and compared with chance.</summary>
public sealed record FindOptions
{
    /// <summary>How latents are clustered.</summary>
    [Option("How latents are clustered: components of their nearest-neighbour graph, or spectral clustering into a given number")]
    public ClusterMethod Method { get; init; } = ClusterMethod.NeighbourGraph;

    /// <summary>Neighbours of each latent in the graph whose components are taken.</summary>
    [Option("Nearest neighbours of each latent, for the neighbour graph", Minimum = 1, Maximum = 64, Unit = "neighbours")]
    public int Neighbours { get; init; } = 2;

    /// <summary>The cosine that an edge of that graph must exceed.</summary>
    [Option("Cosine that two latents must exceed to be joined, for the neighbour graph", Minimum = -1, Maximum = 1)]
    public double Cutoff { get; init; } = 0.5;

    /// <summary>The number of spectral clusters; 0 makes one for every 25 latents, as in the published runs.</summary>
    [Option("Number of spectral clusters; 0 makes one for every 25 latents", Minimum = 0, Maximum = 100_000, Unit = "clusters")]
    public int Clusters { get; init; }

    /// <summary>Which pairs of latents spectral clustering joins.</summary>
    [Option("Pairs of latents that spectral clustering joins: 64 nearest neighbours each, or all", Advanced = true)]
    public AffinityKind Affinity { get; init; } = AffinityKind.NearestNeighbours;

    /// <summary>The smallest cluster that is judged.</summary>
    [Option("Smallest cluster that is judged", Minimum = 2, Maximum = 1000, Unit = "latents")]
    public int MinimumSize { get; init; } = 2;

    /// <summary>The largest cluster that is judged.</summary>
    [Option("Largest cluster that is judged", Minimum = 2, Maximum = 20_000, Unit = "latents", Advanced = true)]
    public int MaximumSize { get; init; } = 1000;

    /// <summary>How often a latent must fire to be clustered.</summary>
    [Option("How often a latent must fire among the tokens read to be clustered; 0 clusters silent ones too", Minimum = 0, Unit = "tokens", Advanced = true)]
    public int MinimumFirings { get; init; } = 1;

    /// <summary>The activation above which a latent is active.</summary>
    [Option("Activation above which a latent is active", Minimum = 0, Advanced = true)]
    public double Threshold { get; init; }

    /// <summary>The most tokens of activations that are read.</summary>
    [Option("Most tokens of activations that are read", Minimum = 100, Unit = "tokens")]
    public int Rows { get; init; } = 200_000;

    /// <summary>The most tokens that one cluster is judged by: the first on which it is active.</summary>
    [Option("Most tokens that one cluster is judged by, the first on which it is active", Minimum = 50, Maximum = 1_000_000, Unit = "tokens")]
    public int TokensPerCluster { get; init; } = 20_000;

    /// <summary>The fewest tokens that a cluster is judged by.</summary>
    [Option("Fewest tokens that a cluster is judged by: with few, separability is mostly bias", Minimum = 20, Unit = "tokens")]
    public int MinimumTokens { get; init; } = 300;

    /// <summary>Principal components of a cluster's reconstructions.</summary>
    [Option("Principal components of a cluster's reconstructions; planes are made of each and the next", Minimum = 2, Maximum = 16, Unit = "components")]
    public int Components { get; init; } = 5;

    /// <summary>How planes make a cluster's score.</summary>
    [Option("How the planes' scores make a cluster's score")]
    public ClusterRanking Ranking { get; init; } = ClusterRanking.BestPlane;

    /// <summary>How mutual information is estimated.</summary>
    [Option("How mutual information is estimated; values of different estimators are not comparable", Advanced = true)]
    public SeparabilityEstimator Estimator { get; init; } = SeparabilityEstimator.PaperRanking;

    /// <summary>How the fullest band is searched for.</summary>
    [Option("How the fullest band is searched for: exactly, or by the published gradient ascent, which is biased low on circles", Advanced = true)]
    public MixtureEstimator MixtureEstimator { get; init; } = MixtureEstimator.Exact;

    /// <summary>ε of the mixture band.</summary>
    [Option("Half the mixture band's width, over the root mean square distance from the band's middle", Minimum = 0.001, Maximum = 0.9, Advanced = true)]
    public double Epsilon { get; init; } = MixtureIndex.DefaultEpsilon;

    /// <summary>Directions of the mixture scan.</summary>
    [Option("Directions of the mixture scan over half a turn", Minimum = 4, Maximum = 100_000, Unit = "directions", Advanced = true)]
    public int Directions { get; init; } = 360;

    /// <summary>Random sets of latents drawn for every cluster, of its size; 0 draws as many as make 60 in all, and at least one each.</summary>
    [Option("Random sets of latents of each cluster's size that are judged in the same way; 0 draws as many as make 60 in all, at least one each", Minimum = 0, Maximum = 100, Unit = "sets")]
    public int ControlDraws { get; init; }

    /// <summary>Further clusterings whose overlap says how stable each cluster is.</summary>
    [Option("Further clusterings, of other seeds or of cutoffs 0.05 apart, whose overlap says how stable each cluster is; 0 for none", Minimum = 0, Maximum = 100, Unit = "runs")]
    public int StabilityRuns { get; init; }

    /// <summary>The most clusters that the result lists.</summary>
    [Option("Most clusters that the result lists, best first", Minimum = 1, Maximum = 100_000, Unit = "clusters")]
    public int Listed { get; init; } = 200;

    /// <summary>The hook of activations that hold several.</summary>
    [Option("The hook, where the activations hold several; empty takes the dictionary's own")]
    public string? Hook { get; init; }

    /// <summary>The seed of clustering and of the random sets.</summary>
    [Option("The seed of the clustering and of the random sets", Minimum = 0)]
    public long Seed { get; init; }
}
