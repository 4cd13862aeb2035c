using ILGPU;
using Interp.Compute.Kernels.Floats;

namespace Interp.Compute.Kernels.MaskedSoftmaxes;

/// <summary>The GPU version in C#: one thread a row of scores.</summary>
internal static class MaskedSoftmaxKernels
{
    /// <param name="row">The row.</param>
    /// <param name="scores">[rows, keys]; holds the finished scores afterwards.</param>
    /// <param name="term">[rows, keys].</param>
    /// <param name="pattern">[rows, keys].</param>
    /// <param name="keys">Elements a row.</param>
    /// <param name="scale">What the products are multiplied by.</param>
    public static void Apply(Index1D row, ArrayView<float> scores, ArrayView<float> term, ArrayView<float> pattern, int keys, float scale)
    {
        var start = (long)(int)row * keys;
        var top = float.NegativeInfinity;
        for (var i = 0; i < keys; i++)
        {
            scores[start + i] = (scores[start + i] * scale) + term[start + i];
            top = IntrinsicMath.Max(top, scores[start + i]);
        }

        var sum = 0f;
        for (var i = 0; i < keys; i++)
        {
            pattern[start + i] = top == float.NegativeInfinity ? 0 : GpuExp.Of(scores[start + i] - top);
            sum += pattern[start + i];
        }

        for (var i = 0; i < keys; i++)
        {
            pattern[start + i] = sum == 0 ? 0 : pattern[start + i] / sum;
        }
    }
}
