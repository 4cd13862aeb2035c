using Interp.Compute.Devices;
using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Models.Adapters;

/// <summary>Initial values of trained tensors, drawn number by number from a seeded source on the CPU, the same for every device; they belong to no dispose scope.</summary>
internal static class TrainableDraws
{
    /// <summary>Uniform within ±<paramref name="bound"/>.</summary>
    public static Tensor Uniform(SplitMix64 random, double bound, Device device, params long[] shape) => Draw(shape, device, () => ((2 * random.NextDouble()) - 1) * bound);

    /// <summary>Normal with a standard deviation.</summary>
    public static Tensor Normal(SplitMix64 random, double deviation, Device device, params long[] shape) => Draw(shape, device, () => random.NextNormal() * deviation);

    private static Tensor Draw(long[] shape, Device device, Func<double> next)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)next();
        }

        using var scope = NewDisposeScope();
        return DeviceCopy.Of(tensor(values, shape), device).DetachFromDisposeScope();
    }
}
