namespace Interp.Compute.Kernels.Elements;

/// <summary>A float32 number.</summary>
internal struct Float32(float value) : IElement<Float32>, IMoment<Float32>
{
    private readonly float _value = value;

    public readonly float ToSingle() => _value;

    public readonly double ToDouble() => _value;

    public readonly Float32 Of(float value) => new(value);

    public readonly Float32 Near(float value, uint chance) => new(value);
}
