using System.Buffers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.LinearAlgebra;

/// <summary>
/// The eigenvalues of many symmetric matrices at once, in float64. Small ones on the CPU are solved by
/// <see cref="TridiagonalSolver"/>, side by side: LAPACK would take them one after the other and wake all its threads for
/// each. Larger ones go to libtorch.
/// </summary>
public static class SymmetricSpectra
{
    /// <summary>Up to this size a matrix is solved by one thread.</summary>
    public const int SmallSize = 160;

    /// <summary>A span holds fewer than 2³¹ bytes, so large batches are solved in parts.</summary>
    private const int SpanElements = 1 << 27;

    /// <summary>The eigenvalues, ascending. Costs O(b n³); the error is about 1e-15 of the largest magnitude.</summary>
    /// <param name="matrices">Symmetric matrices <c>[b, n, n]</c>, float64, finite; only values on and below the diagonal matter.</param>
    /// <returns>float64 <c>[b, n]</c> on the matrices' device; the caller owns it.</returns>
    /// <exception cref="ShapeMismatchException">They are no batch of square matrices.</exception>
    /// <exception cref="InterpException">A number is not finite.</exception>
    public static Tensor Eigenvalues(Tensor matrices)
    {
        ArgumentNullException.ThrowIfNull(matrices);
        if (matrices.dim() != 3 || matrices.shape[1] != matrices.shape[2] || matrices.dtype != ScalarType.Float64)
        {
            throw new ShapeMismatchException("symmetric matrices", "float64 [b, n, n]", matrices.shape);
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        SymmetricEigen.RequireFinite(matrices, "the matrices");
        var size = (int)matrices.shape[1];
        return (size <= SmallSize && matrices.device_type == DeviceType.CPU
            ? SolveSmall(matrices.detach().contiguous(), size)
            : linalg.eigvalsh(matrices.detach())).MoveToOuterDisposeScope();
    }

    private static Tensor SolveSmall(Tensor matrices, int size)
    {
        var count = (int)matrices.shape[0];
        var values = new double[count * size];
        var some = Math.Max(SpanElements / (size * size), 1);
        for (var first = 0; first < count; first += some)
        {
            using var part = matrices.narrow(0, first, Math.Min(some, count - first));
            SolvePart(part, size, values.AsMemory(first * size));
        }

        return tensor(values, [count, size]);
    }

    private static unsafe void SolvePart(Tensor matrices, int size, Memory<double> values)
    {
        var elements = size * size;
        fixed (byte* bytes = matrices.bytes)
        {
            var input = (nint)bytes;
            Parallel.For(0, (int)matrices.shape[0], matrix =>
            {
                var work = ArrayPool<double>.Shared.Rent(elements + (3 * size));
                var entries = work.AsSpan(0, elements);
                new ReadOnlySpan<double>((double*)input + ((long)matrix * elements), elements).CopyTo(entries);
                TridiagonalSolver.Eigenvalues(entries, work.AsSpan(elements, 3 * size), values.Span.Slice(matrix * size, size));
                ArrayPool<double>.Shared.Return(work);
            });
        }
    }
}
