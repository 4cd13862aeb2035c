using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>Initial weights drawn number by number from the project's own source, the same on every platform.</summary>
internal static class InitialWeights
{
    /// <summary>Normal draws, row by row.</summary>
    /// <returns>float32 CPU [rows, columns], in the current dispose scope.</returns>
    public static Tensor Normal(SplitMix64 random, double deviation, int rows, int columns)
    {
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(random.NextNormal() * deviation);
        }

        return tensor(values, rows, columns);
    }
}
