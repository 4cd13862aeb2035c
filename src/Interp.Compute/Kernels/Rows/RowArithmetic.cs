using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Interp.Compute.Kernels.Rows;

/// <summary>
/// Arithmetic on rows of numbers with SIMD: vectors of 512 bits where the processor has them, else of 256, and a scalar end. Sums run
/// in a fixed order, so that a row's result depends on nothing but its numbers.
/// </summary>
internal static unsafe class RowArithmetic
{
    /// <summary>Σ a·b.</summary>
    public static T Dot<T>(T* a, T* b, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var k = 0;
        var sum = T.Zero;
        if (Vector512.IsHardwareAccelerated)
        {
            var (first, second) = (Vector512<T>.Zero, Vector512<T>.Zero);
            var (third, fourth) = (Vector512<T>.Zero, Vector512<T>.Zero);
            var lanes = Vector512<T>.Count;
            for (; k <= count - (4 * lanes); k += 4 * lanes)
            {
                first = MultiplyAdd(Vector512.Load(a + k), Vector512.Load(b + k), first);
                second = MultiplyAdd(Vector512.Load(a + k + lanes), Vector512.Load(b + k + lanes), second);
                third = MultiplyAdd(Vector512.Load(a + k + (2 * lanes)), Vector512.Load(b + k + (2 * lanes)), third);
                fourth = MultiplyAdd(Vector512.Load(a + k + (3 * lanes)), Vector512.Load(b + k + (3 * lanes)), fourth);
            }

            for (; k <= count - lanes; k += lanes)
            {
                first = MultiplyAdd(Vector512.Load(a + k), Vector512.Load(b + k), first);
            }

            sum = Vector512.Sum((first + second) + (third + fourth));
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            var (first, second) = (Vector256<T>.Zero, Vector256<T>.Zero);
            var lanes = Vector256<T>.Count;
            for (; k <= count - (2 * lanes); k += 2 * lanes)
            {
                first = MultiplyAdd(Vector256.Load(a + k), Vector256.Load(b + k), first);
                second = MultiplyAdd(Vector256.Load(a + k + lanes), Vector256.Load(b + k + lanes), second);
            }

            sum = Vector256.Sum(first + second);
        }

        for (; k < count; k++)
        {
            sum = T.FusedMultiplyAdd(a[k], b[k], sum);
        }

        return sum;
    }

    /// <summary>sum += scale·row.</summary>
    public static void AddScaled<T>(T* sum, T* row, T scale, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var k = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var factor = Vector512.Create(scale);
            for (; k <= count - Vector512<T>.Count; k += Vector512<T>.Count)
            {
                MultiplyAdd(Vector512.Load(row + k), factor, Vector512.Load(sum + k)).Store(sum + k);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            var factor = Vector256.Create(scale);
            for (; k <= count - Vector256<T>.Count; k += Vector256<T>.Count)
            {
                MultiplyAdd(Vector256.Load(row + k), factor, Vector256.Load(sum + k)).Store(sum + k);
            }
        }

        for (; k < count; k++)
        {
            sum[k] = T.FusedMultiplyAdd(row[k], scale, sum[k]);
        }
    }

    /// <summary>row ← scale·row.</summary>
    public static void Scale<T>(T* row, T scale, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var k = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; k <= count - Vector512<T>.Count; k += Vector512<T>.Count)
            {
                (Vector512.Load(row + k) * scale).Store(row + k);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; k <= count - Vector256<T>.Count; k += Vector256<T>.Count)
            {
                (Vector256.Load(row + k) * scale).Store(row + k);
            }
        }

        for (; k < count; k++)
        {
            row[k] *= scale;
        }
    }

    /// <summary>sum += Σ scales·rows over four rows, in the order given: the sum is loaded and stored once.</summary>
    public static void AddScaledFour<T>(T* sum, T** rows, T* scales, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row0, row1, row2, row3) = ((nint)rows[0], (nint)rows[1], (nint)rows[2], (nint)rows[3]);
        var k = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var (scale0, scale1) = (Vector512.Create(scales[0]), Vector512.Create(scales[1]));
            var (scale2, scale3) = (Vector512.Create(scales[2]), Vector512.Create(scales[3]));
            for (; k <= count - Vector512<T>.Count; k += Vector512<T>.Count)
            {
                var total = MultiplyAdd(Vector512.Load((T*)row0 + k), scale0, Vector512.Load(sum + k));
                total = MultiplyAdd(Vector512.Load((T*)row1 + k), scale1, total);
                total = MultiplyAdd(Vector512.Load((T*)row2 + k), scale2, total);
                MultiplyAdd(Vector512.Load((T*)row3 + k), scale3, total).Store(sum + k);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            var (scale0, scale1) = (Vector256.Create(scales[0]), Vector256.Create(scales[1]));
            var (scale2, scale3) = (Vector256.Create(scales[2]), Vector256.Create(scales[3]));
            for (; k <= count - Vector256<T>.Count; k += Vector256<T>.Count)
            {
                var total = MultiplyAdd(Vector256.Load((T*)row0 + k), scale0, Vector256.Load(sum + k));
                total = MultiplyAdd(Vector256.Load((T*)row1 + k), scale1, total);
                total = MultiplyAdd(Vector256.Load((T*)row2 + k), scale2, total);
                MultiplyAdd(Vector256.Load((T*)row3 + k), scale3, total).Store(sum + k);
            }
        }

        for (; k < count; k++)
        {
            var total = T.FusedMultiplyAdd(((T*)row0)[k], scales[0], sum[k]);
            total = T.FusedMultiplyAdd(((T*)row1)[k], scales[1], total);
            total = T.FusedMultiplyAdd(((T*)row2)[k], scales[2], total);
            sum[k] = T.FusedMultiplyAdd(((T*)row3)[k], scales[3], total);
        }
    }

    /// <summary>sum += Σ scales·rows over any number of rows, four at a time.</summary>
    public static void AddScaled<T>(T* sum, T** rows, T* scales, int rowCount, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = 0;
        for (; row <= rowCount - 4; row += 4)
        {
            AddScaledFour(sum, rows + row, scales + row, count);
        }

        for (; row < rowCount; row++)
        {
            AddScaled(sum, rows[row], scales[row], count);
        }
    }

    /// <summary>a·b + c with one rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c)
        where T : unmanaged, IFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    /// <inheritdoc cref="MultiplyAdd{T}(Vector512{T}, Vector512{T}, Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c)
        where T : unmanaged, IFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector256.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
}
