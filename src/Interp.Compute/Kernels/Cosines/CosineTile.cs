namespace Interp.Compute.Kernels.Cosines;

/// <summary>One tile's place and settings, as the GPU kernel takes them.</summary>
internal struct CosineTile
{
    /// <summary>The first row of the tile.</summary>
    public int First;

    /// <summary>The row that the tile's first column stands for.</summary>
    public int Second;

    /// <summary>Rows of the tile.</summary>
    public int Height;

    /// <summary>Columns of the tile.</summary>
    public int Width;

    /// <summary>Pairs above this are counted.</summary>
    public float Threshold;
}
