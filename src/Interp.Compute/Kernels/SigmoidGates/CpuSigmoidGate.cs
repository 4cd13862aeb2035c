using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Interp.Compute.Kernels.Floats;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SigmoidGates;

/// <summary>The version for the CPU: sixteen elements at a time, pieces side by side.</summary>
internal static class CpuSigmoidGate
{
    /// <summary>Elements are handed out in pieces of this many.</summary>
    private const int Piece = 1 << 12;

    /// <summary>x·σ(a·x + c·x³), times the factor where there is one.</summary>
    public static unsafe Tensor Apply(Tensor value, Tensor? factor, double linear, double cubic)
    {
        var result = empty_like(value);
        var (count, a, c) = (value.NumberOfElements, (float)linear, (float)cubic);
        var (source, times, target) = ((nint)FloatMemory.Of(value), (nint)FloatMemory.Of(factor), (nint)FloatMemory.Of(result));
        RowBlocks.Run((count + Piece - 1) / Piece, Piece, (from, to) =>
            Run((float*)source, (float*)times, (float*)target, from * Piece, Math.Min(to * Piece, count), a, c));
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Run(float* source, float* factor, float* target, long from, long to, float linear, float cubic)
    {
        var i = from;
        for (; i <= to - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var made = Gate(Vector512.Load(source + i), linear, cubic);
            Vector512.Store(factor is null ? made : made * Vector512.Load(factor + i), target + i);
        }

        // The last few go through the same operations, so that a value does not depend on where it stands.
        var rest = stackalloc float[Vector512<float>.Count];
        for (var k = i; k < to; k++)
        {
            rest[k - i] = source[k];
        }

        Vector512.Store(Gate(Vector512.Load(rest), linear, cubic), rest);
        for (; i < to; i++)
        {
            var made = *rest++;
            target[i] = factor is null ? made : made * factor[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gate(Vector512<float> x, float linear, float cubic)
    {
        // A square of ∞ would make no number of a cubic part of nought.
        var square = Vector512.Min(x * x, Vector512.Create(1e30f));
        var inner = x * Vector512.FusedMultiplyAdd(square, Vector512.Create(cubic), Vector512.Create(linear));
        return x / (Vector512<float>.One + FloatExp.Of(-inner));
    }
}
