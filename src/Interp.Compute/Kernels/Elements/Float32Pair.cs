namespace Interp.Compute.Kernels.Elements;

/// <summary>Two float32 numbers.</summary>
internal struct Float32Pair(float low, float high) : IElementPair<Float32Pair>
{
    private readonly float _low = low;
    private readonly float _high = high;

    public readonly float Low() => _low;

    public readonly float High() => _high;

    public readonly Float32Pair Of(float low, float high) => new(low, high);
}
