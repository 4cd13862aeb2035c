using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests;

/// <summary>Seeded tensors for tests.</summary>
internal static class RandomTensor
{
    /// <summary>Standard normal numbers, float32.</summary>
    public static Tensor Normal(int rows, int columns, long seed = 1)
    {
        var random = SplitMix64.ForStream(seed, "test tensor");
        var values = new float[rows * columns];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return tensor(values, rows, columns);
    }
}
