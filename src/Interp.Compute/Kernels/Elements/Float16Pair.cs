namespace Interp.Compute.Kernels.Elements;

/// <summary>Two float16 numbers.</summary>
internal struct Float16Pair(uint bits) : IElementPair<Float16Pair>
{
    private readonly uint _bits = bits;

    public readonly float Low() => Float16.Widen(_bits & 0xFFFFu);

    public readonly float High() => Float16.Widen(_bits >> 16);

    public readonly Float16Pair Of(float low, float high) => new(Float16.Round(low) | (Float16.Round(high) << 16));
}
