using ILGPU;

namespace Interp.Compute.Kernels.Elements;

/// <summary>Two bfloat16 numbers.</summary>
internal struct Bfloat16Pair(uint bits) : IElementPair<Bfloat16Pair>
{
    private readonly uint _bits = bits;

    public readonly float Low() => Interop.IntAsFloat(_bits << 16);

    public readonly float High() => Interop.IntAsFloat(_bits & 0xFFFF0000u);

    public readonly Bfloat16Pair Of(float low, float high) => new(Bfloat16.Round(low) | (Bfloat16.Round(high) << 16));
}
