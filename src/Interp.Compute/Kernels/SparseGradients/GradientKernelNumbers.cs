namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>Sizes and terms of the loss, as the GPU kernels take them.</summary>
internal struct GradientKernelNumbers
{
    public int Rows;
    public int Latents;
    public int Width;
    public float Slope;
    public float InverseBandwidth;
    public float Revival;
    public int StepToInput;
}
