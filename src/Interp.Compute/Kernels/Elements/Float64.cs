namespace Interp.Compute.Kernels.Elements;

/// <summary>A float64 number, for the kernels that work in float64.</summary>
internal struct Float64(double value) : IReal
{
    private readonly double _value = value;

    public readonly double ToDouble() => _value;
}
