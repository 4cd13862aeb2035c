namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>A step's sizes and constants, as the GPU kernels take them.</summary>
internal struct LatentStepNumbers
{
    /// <summary>Pairs of numbers a row: d / 2.</summary>
    public int Pairs;

    public float Beta2;
    public float Size;
    public float Correction;
    public float Epsilon;
    public float Slope;
    public float InverseBandwidth;
}
