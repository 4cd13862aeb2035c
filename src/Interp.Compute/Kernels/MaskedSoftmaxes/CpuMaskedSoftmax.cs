using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Interp.Compute.Kernels.Floats;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.MaskedSoftmaxes;

/// <summary>The version for the CPU: rows side by side, each finished while it is in the first cache.</summary>
internal static class CpuMaskedSoftmax
{
    /// <summary>Finishes the scores in place and writes the pattern, which may be the scores themselves.</summary>
    public static unsafe void Run(Tensor scores, double scale, Tensor? term, Tensor pattern)
    {
        var (heads, queries, keys) = (scores.shape[1], scores.shape[2], scores.shape[3]);
        var (source, target, added) = ((nint)FloatMemory.Of(scores), (nint)FloatMemory.Of(pattern), (nint)FloatMemory.Of(term));
        var strides = term is null ? default : (Batch: Stride(term, 0), Head: Stride(term, 1), Query: Stride(term, 2));
        var factor = (float)scale;
        RowBlocks.Run(scores.NumberOfElements / keys, keys, (from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                var (query, head, batch) = (i % queries, i / queries % heads, i / queries / heads);
                var terms = (float*)added + (batch * strides.Batch) + (head * strides.Head) + (query * strides.Query);
                Row((float*)source + (i * keys), added == 0 ? null : terms, (float*)target + (i * keys), (int)keys, factor);
            }
        });
    }

    // A term of one element along an axis is the same all along it.
    private static long Stride(Tensor term, int axis) => term.shape[axis] == 1 ? 0 : term.stride(axis);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Row(float* scores, float* term, float* pattern, int count, float scale)
    {
        var (scales, highest) = (Vector512.Create(scale), Vector512.Create(float.NegativeInfinity));
        var i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var finished = Vector512.Load(scores + i) * scales;
            finished = term is null ? finished : finished + Vector512.Load(term + i);
            Vector512.Store(finished, scores + i);
            highest = Vector512.Max(highest, finished);
        }

        var top = float.NegativeInfinity;
        for (var lane = 0; lane < Vector512<float>.Count; lane++)
        {
            top = MathF.Max(top, highest[lane]);
        }

        for (; i < count; i++)
        {
            scores[i] = (scores[i] * scale) + (term is null ? 0 : term[i]);
            top = MathF.Max(top, scores[i]);
        }

        if (float.IsNegativeInfinity(top))
        {
            new Span<float>(pattern, count).Clear();
            return;
        }

        Divide(pattern, count, Exponentials(scores, pattern, count, top));
    }

    private static unsafe float Exponentials(float* scores, float* pattern, int count, float top)
    {
        var (tops, sums) = (Vector512.Create(top), Vector512<float>.Zero);
        var i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var made = FloatExp.Of(Vector512.Load(scores + i) - tops);
            Vector512.Store(made, pattern + i);
            sums += made;
        }

        var sum = Vector512.Sum(sums);
        for (; i < count; i++)
        {
            pattern[i] = FloatExp.Of(Vector512.Create(scores[i] - top))[0];
            sum += pattern[i];
        }

        return sum;
    }

    private static unsafe void Divide(float* values, int count, float by)
    {
        var inverse = 1 / by;
        var i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512.Store(Vector512.Load(values + i) * Vector512.Create(inverse), values + i);
        }

        for (; i < count; i++)
        {
            values[i] *= inverse;
        }
    }
}
