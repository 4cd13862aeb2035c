namespace Interp.Compute.Kernels.Elements;

/// <summary>A moment of an optimiser as it lies in memory. What is added to it may be far below its last place, so rounding must be right on average.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IMoment<TSelf>
    where TSelf : unmanaged, IMoment<TSelf>
{
    /// <summary>The number.</summary>
    float ToSingle();

    /// <summary>One of both neighbours of a number of at least 0, by chance, such that the mean is the number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="chance">32 random bits.</param>
    TSelf Near(float value, uint chance);
}
