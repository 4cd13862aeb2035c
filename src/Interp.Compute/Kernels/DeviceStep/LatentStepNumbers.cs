namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>A step's sizes and constants, as the GPU kernels take them.</summary>
internal struct LatentStepNumbers
{
    /// <summary>Pairs of numbers a row: d / 2.</summary>
    public int Pairs;

    /// <summary>Latents N.</summary>
    public int Latents;

    /// <summary>Pairs of an encoder row that a group takes.</summary>
    public int Panel;

    public float Beta2;
    public float Size;
    public float Correction;
    public float Epsilon;
    public float Slope;
    public float InverseBandwidth;

    /// <summary>What the rounding of reduced second moments is drawn from; another one each step.</summary>
    public uint Seed;
}
