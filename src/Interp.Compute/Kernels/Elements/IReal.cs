namespace Interp.Compute.Kernels.Elements;

/// <summary>A number as it lies in memory, that kernels read in float64. A kernel is written once and compiled for every type of its inputs.</summary>
internal interface IReal
{
    /// <summary>The number.</summary>
    double ToDouble();
}
