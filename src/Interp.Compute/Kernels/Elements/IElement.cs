namespace Interp.Compute.Kernels.Elements;

/// <summary>A number as it lies in memory, of at most 32 bits: kernels read it, take their sums in float32, and round what they write to the nearest, ties to even.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IElement<TSelf> : IReal
    where TSelf : unmanaged, IElement<TSelf>
{
    /// <summary>The number.</summary>
    float ToSingle();

    /// <summary>Another number in this type; what it is called on is not looked at.</summary>
    TSelf Of(float value);
}
