namespace Interp.Compute.Kernels.Cosines;

/// <summary>How all pairs of rows are counted.</summary>
public sealed record CosineOptions
{
    /// <summary>The number of equal bins on [−1, 1]; even, so that zero lies on an edge.</summary>
    public int Bins { get; init; } = 8192;

    /// <summary>Pairs whose cosine is larger than this are counted in <see cref="CosineHistogram.Above"/>.</summary>
    public double Threshold { get; init; }

    /// <summary>Which version runs.</summary>
    public CosineBackend Backend { get; init; }

    /// <summary>Rows in a tile of products; the memory beside the rows is a few tiles of this size squared.</summary>
    public int TileRows { get; init; } = 1024;
}
