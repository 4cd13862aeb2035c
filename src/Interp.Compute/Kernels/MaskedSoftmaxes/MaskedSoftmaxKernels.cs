using ILGPU;
using Interp.Compute.Kernels.Floats;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Compute.Kernels.MaskedSoftmaxes;

/// <summary>The GPU version in C#: a group of threads a row of scores.</summary>
internal static class MaskedSoftmaxKernels
{
    /// <param name="scores">[rows, keys]; holds the finished scores afterwards.</param>
    /// <param name="term">[rows, keys].</param>
    /// <param name="pattern">[rows, keys].</param>
    /// <param name="keys">Elements a row.</param>
    /// <param name="scale">What the products are multiplied by.</param>
    public static void Apply(ArrayView<float> scores, ArrayView<float> term, ArrayView<float> pattern, int keys, float scale)
    {
        var partial = SharedMemory.Allocate<float>(GroupSums.MostWarps);
        var start = (long)Grid.IdxX * keys;
        var top = float.NegativeInfinity;
        for (var i = Group.IdxX; i < keys; i += Group.DimX)
        {
            var score = (scores[start + i] * scale) + term[start + i];
            scores[start + i] = score;
            top = IntrinsicMath.Max(top, score);
        }

        top = GroupSums.Max(top, partial);
        var sum = 0f;
        for (var i = Group.IdxX; i < keys; i += Group.DimX)
        {
            var power = top == float.NegativeInfinity ? 0 : GpuExp.Of(scores[start + i] - top);
            pattern[start + i] = power;
            sum += power;
        }

        sum = GroupSums.Sum(sum, partial);
        for (var i = Group.IdxX; i < keys; i += Group.DimX)
        {
            pattern[start + i] = sum == 0 ? 0 : pattern[start + i] / sum;
        }
    }
}
