namespace Interp.Compute.Kernels.Elements;

/// <summary>Two numbers as neighbours lie in memory, read at once: half as many accesses as number by number.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IElementPair<TSelf>
    where TSelf : unmanaged, IElementPair<TSelf>
{
    /// <summary>The first number.</summary>
    float Low();

    /// <summary>The second number.</summary>
    float High();

    /// <summary>Two other numbers in this type, rounded to the nearest; what it is called on is not looked at.</summary>
    TSelf Of(float low, float high);
}
