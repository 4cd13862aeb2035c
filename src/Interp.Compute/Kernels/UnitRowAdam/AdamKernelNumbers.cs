namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>A step's constants and sizes, as the GPU kernel takes them.</summary>
internal struct AdamKernelNumbers
{
    public float Beta1;
    public float Beta2;
    public float Size;
    public float Correction;
    public float Epsilon;
    public int Width;
    public int HasFirst;
    public int IsUnit;
}
