using ILGPU;
using Interp.Compute.Kernels.Elements;
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
    public static void Apply<T>(ArrayView<T> scores, ArrayView<T> term, ArrayView<T> pattern, int keys, float scale)
        where T : unmanaged, IElement<T>
    {
        var partial = SharedMemory.Allocate<float>(GroupSums.MostWarps);
        var start = (long)Grid.IdxX * keys;
        var top = float.NegativeInfinity;
        for (var i = Group.IdxX; i < keys; i += Group.DimX)
        {
            var score = default(T).Of((scores[start + i].ToSingle() * scale) + term[start + i].ToSingle());
            scores[start + i] = score;
            top = IntrinsicMath.Max(top, score.ToSingle());
        }

        top = GroupSums.Max(top, partial);
        var sum = 0f;
        for (var i = Group.IdxX; i < keys; i += Group.DimX)
        {
            sum += Power(scores[start + i].ToSingle(), top);
        }

        sum = GroupSums.Sum(sum, partial);
        for (var i = Group.IdxX; i < keys; i += Group.DimX)
        {
            pattern[start + i] = default(T).Of(sum == 0 ? 0 : Power(scores[start + i].ToSingle(), top) / sum);
        }
    }

    // Taken twice rather than written down between: what is written is rounded.
    private static float Power(float score, float top) => top == float.NegativeInfinity ? 0 : GpuExp.Of(score - top);
}
