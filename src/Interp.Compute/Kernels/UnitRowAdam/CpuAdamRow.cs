using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Interp.Compute.Kernels.Rows;

namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>One row's step with SIMD; the row, its gradient and its moments pass through the cache once.</summary>
internal static unsafe class CpuAdamRow
{
    /// <summary>Takes a step.</summary>
    /// <param name="w">The weights.</param>
    /// <param name="m">The first moments; null for β₁ = 0.</param>
    /// <param name="v">The second moments.</param>
    /// <param name="g">The gradient.</param>
    /// <param name="count">Numbers in the row.</param>
    /// <param name="numbers">The constants.</param>
    public static void Step<T>(T* w, T* m, T* v, T* g, int count, in AdamNumbers<T> numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var k = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            k = Step512(w, m, v, g, count, numbers);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            k = Step256(w, m, v, g, count, numbers);
        }

        for (; k < count; k++)
        {
            StepOne(w + k, m is null ? null : m + k, v + k, g[k], numbers);
        }
    }

    /// <summary>Takes the part along the row out of the gradient, takes a step, and brings the row back to length 1.</summary>
    /// <inheritdoc cref="Step"/>
    public static void StepUnit<T>(T* w, T* m, T* v, T* g, int count, in AdamNumbers<T> numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowArithmetic.AddScaled(g, w, -RowArithmetic.Dot(g, w, count), count);
        Step(w, m, v, g, count, numbers);
        Normalise(w, count);
    }

    /// <summary>Brings a row to length 1.</summary>
    public static void Normalise<T>(T* w, int count)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        RowArithmetic.Scale(w, T.One / T.Sqrt(RowArithmetic.Dot(w, w, count)), count);

    /// <summary>A step of a row without a gradient and without first moments: only the second moments fade.</summary>
    public static void Fade<T>(T* v, int count, in AdamNumbers<T> numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var k = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var nothing = Vector512.Create(numbers.Nothing);
            for (; k <= count - Vector512<T>.Count; k += Vector512<T>.Count)
            {
                var second = Vector512.Load(v + k) * numbers.Beta2;
                Vector512.ConditionalSelect(Vector512.LessThan(second, nothing), Vector512<T>.Zero, second).Store(v + k);
            }
        }

        for (; k < count; k++)
        {
            var second = v[k] * numbers.Beta2;
            v[k] = second < numbers.Nothing ? T.Zero : second;
        }
    }

    /// <summary>One number's step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StepOne<T>(T* w, T* m, T* v, T g, in AdamNumbers<T> numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var second = T.FusedMultiplyAdd(numbers.OtherBeta2 * g, g, *v * numbers.Beta2);
        second = second < numbers.Nothing ? T.Zero : second;
        *v = second;
        var direction = g;
        if (m is not null)
        {
            direction = T.FusedMultiplyAdd(numbers.OtherBeta1, g, *m * numbers.Beta1);
            *m = direction;
        }

        *w = T.FusedMultiplyAdd(numbers.MinusSize, direction / T.FusedMultiplyAdd(T.Sqrt(second), numbers.InverseCorrection, numbers.Epsilon), *w);
    }

    private static int Step512<T>(T* w, T* m, T* v, T* g, int count, in AdamNumbers<T> numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (beta1, otherBeta1) = (Vector512.Create(numbers.Beta1), Vector512.Create(numbers.OtherBeta1));
        var (beta2, otherBeta2) = (Vector512.Create(numbers.Beta2), Vector512.Create(numbers.OtherBeta2));
        var (minusSize, inverse) = (Vector512.Create(numbers.MinusSize), Vector512.Create(numbers.InverseCorrection));
        var (epsilon, nothing) = (Vector512.Create(numbers.Epsilon), Vector512.Create(numbers.Nothing));
        var k = 0;
        for (; k <= count - Vector512<T>.Count; k += Vector512<T>.Count)
        {
            var gradient = Vector512.Load(g + k);
            var second = RowArithmetic.MultiplyAdd(otherBeta2 * gradient, gradient, Vector512.Load(v + k) * beta2);
            second = Vector512.ConditionalSelect(Vector512.LessThan(second, nothing), Vector512<T>.Zero, second);
            second.Store(v + k);
            var direction = gradient;
            if (m is not null)
            {
                direction = RowArithmetic.MultiplyAdd(otherBeta1, gradient, Vector512.Load(m + k) * beta1);
                direction.Store(m + k);
            }

            var scaled = Quotient(direction, second, inverse, epsilon);
            RowArithmetic.MultiplyAdd(minusSize, scaled, Vector512.Load(w + k)).Store(w + k);
        }

        return k;
    }

    /// <summary>
    /// a/(√v·c + ε). Roots and divisions take most of a step's time: in float32, estimates to 14 bits, each made good to the last bit or two by
    /// one step of Newton's method, take a quarter of it. v is 0 or far above the smallest numbers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Quotient<T>(Vector512<T> a, Vector512<T> v, Vector512<T> c, Vector512<T> epsilon)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) != typeof(float) || !Avx512F.IsSupported)
        {
            return a / RowArithmetic.MultiplyAdd(Vector512.Sqrt(v), c, epsilon);
        }

        var square = v.AsSingle();
        var inverseRoot = Avx512F.ReciprocalSqrt14(Vector512.MaxNative(square, Vector512.Create(1e-30f)));
        var rest = Vector512.FusedMultiplyAdd(-square * inverseRoot, inverseRoot, Vector512.Create(3f));
        var root = square * inverseRoot * rest * Vector512.Create(0.5f);
        var divisor = Vector512.FusedMultiplyAdd(root, c.AsSingle(), epsilon.AsSingle());
        var inverse = Avx512F.Reciprocal14(divisor);
        inverse *= Vector512.FusedMultiplyAdd(-divisor, inverse, Vector512.Create(2f));
        return (a.AsSingle() * inverse).As<float, T>();
    }

    private static int Step256<T>(T* w, T* m, T* v, T* g, int count, in AdamNumbers<T> numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (beta1, otherBeta1) = (Vector256.Create(numbers.Beta1), Vector256.Create(numbers.OtherBeta1));
        var (beta2, otherBeta2) = (Vector256.Create(numbers.Beta2), Vector256.Create(numbers.OtherBeta2));
        var (minusSize, inverse) = (Vector256.Create(numbers.MinusSize), Vector256.Create(numbers.InverseCorrection));
        var (epsilon, nothing) = (Vector256.Create(numbers.Epsilon), Vector256.Create(numbers.Nothing));
        var k = 0;
        for (; k <= count - Vector256<T>.Count; k += Vector256<T>.Count)
        {
            var gradient = Vector256.Load(g + k);
            var second = RowArithmetic.MultiplyAdd(otherBeta2 * gradient, gradient, Vector256.Load(v + k) * beta2);
            second = Vector256.ConditionalSelect(Vector256.LessThan(second, nothing), Vector256<T>.Zero, second);
            second.Store(v + k);
            var direction = gradient;
            if (m is not null)
            {
                direction = RowArithmetic.MultiplyAdd(otherBeta1, gradient, Vector256.Load(m + k) * beta1);
                direction.Store(m + k);
            }

            var scaled = direction / RowArithmetic.MultiplyAdd(Vector256.Sqrt(second), inverse, epsilon);
            RowArithmetic.MultiplyAdd(minusSize, scaled, Vector256.Load(w + k)).Store(w + k);
        }

        return k;
    }
}
