using Interp.Analysis.Circles.Planes;

namespace Interp.Analysis.Circles.Find;

/// <summary>One plane of a cluster's reconstructions.</summary>
public sealed record FoundPlane
{
    /// <summary>Its two principal components, from 0; the first is mostly overall intensity.</summary>
    public required int[] Components { get; init; }

    /// <summary>S, bits.</summary>
    public required double SeparabilityBits { get; init; }

    /// <summary>M, 0–1.</summary>
    public required double Mixture { get; init; }

    /// <summary>(1 − M)·S, bits.</summary>
    public required double Score { get; init; }

    /// <summary>The plane's share of the reconstructions' variance, 0–1.</summary>
    public required double VarianceShare { get; init; }

    /// <summary>For activations of modular addition, the frequency of the answer that the plane's angle follows; else null.</summary>
    public FrequencyFit? Fit { get; init; }

    /// <summary>How the plane lays out the words of each cycle that the cluster's tokens hold whole.</summary>
    public CycleFit[] Cycles { get; init; } = [];

    /// <summary>First coordinates of evenly chosen tokens, as <see cref="FoundCluster.ShownRows"/>; empty for all but the best clusters.</summary>
    public double[] ShownX { get; init; } = [];

    /// <summary>Their second coordinates.</summary>
    public double[] ShownY { get; init; } = [];
}
