using System.Numerics;
using System.Runtime.InteropServices;

namespace Interp.Compute.LinearAlgebra;

/// <summary>
/// The eigenvalues of one symmetric matrix on one thread: Householder reflections to a tridiagonal matrix, then implicit QL
/// steps with Wilkinson's shift. Source: Golub and Van Loan, <em>Matrix Computations</em>, sections 8.3.1 and 8.3.3.
/// </summary>
internal static class TridiagonalSolver
{
    private const int MostSteps = 60;

    /// <summary>Half the distance of 1 to the next number.</summary>
    private const double Epsilon = 1.1102230246251565e-16;

    /// <summary>Solves in place.</summary>
    /// <param name="matrix">n × n, row-major; overwritten. Only the lower triangle is read.</param>
    /// <param name="work">3 n numbers of scratch.</param>
    /// <param name="values">n numbers: the eigenvalues, ascending.</param>
    /// <exception cref="InterpException">The steps do not converge, which finite input always does.</exception>
    public static void Eigenvalues(Span<double> matrix, Span<double> work, Span<double> values)
    {
        var size = values.Length;
        var offDiagonal = work[..size];
        Mirror(matrix, size);
        Reduce(matrix, size, values, offDiagonal, work[size..(2 * size)], work[(2 * size)..(3 * size)]);
        Diagonalise(values, offDiagonal);
        values.Sort();
    }

    private static void Mirror(Span<double> matrix, int size)
    {
        for (var i = 0; i < size; i++)
        {
            for (var j = i + 1; j < size; j++)
            {
                matrix[(i * size) + j] = matrix[(j * size) + i];
            }
        }
    }

    /// <summary>Reflects column after column; what is left below the diagonal is one entry, <paramref name="offDiagonal"/>.</summary>
    private static void Reduce(Span<double> matrix, int size, Span<double> diagonal, Span<double> offDiagonal, Span<double> reflectors, Span<double> products)
    {
        for (var k = 0; k < size; k++)
        {
            diagonal[k] = matrix[(k * size) + k];
            var rest = size - k - 1;
            if (rest == 0)
            {
                offDiagonal[k] = 0;
                break;
            }

            // By symmetry the column below the diagonal is the row right of it.
            var v = reflectors[..rest];
            matrix.Slice((k * size) + k + 1, rest).CopyTo(v);
            offDiagonal[k] = Reflector(v, out var beta);
            if (beta != 0)
            {
                Reflect(matrix, size, k + 1, v, products[..rest], beta);
            }
        }
    }

    /// <summary>Turns x into v with (I − β v vᵀ) x = α e₁ and returns α.</summary>
    private static double Reflector(Span<double> x, out double beta)
    {
        var rest = Dot(x[1..], x[1..]);
        if (rest == 0)
        {
            beta = 0;
            return x[0];
        }

        var norm = Math.Sqrt((x[0] * x[0]) + rest);
        var alpha = x[0] > 0 ? -norm : norm;
        x[0] -= alpha;
        beta = 2 / ((x[0] * x[0]) + rest);
        return alpha;
    }

    /// <summary>A ← (I − β v vᵀ) A (I − β v vᵀ) = A − v wᵀ − w vᵀ with p = β A v and w = p − (β/2)(pᵀv) v.</summary>
    private static void Reflect(Span<double> matrix, int size, int first, ReadOnlySpan<double> v, Span<double> w, double beta)
    {
        for (var i = 0; i < v.Length; i++)
        {
            w[i] = beta * Dot(matrix.Slice(((first + i) * size) + first, v.Length), v);
        }

        var half = beta / 2 * Dot(w, v);
        for (var i = 0; i < v.Length; i++)
        {
            w[i] -= half * v[i];
        }

        for (var i = 0; i < v.Length; i++)
        {
            Subtract(matrix.Slice(((first + i) * size) + first, v.Length), v[i], w, w[i], v);
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var vectorsA = MemoryMarshal.Cast<double, Vector<double>>(a);
        var vectorsB = MemoryMarshal.Cast<double, Vector<double>>(b);
        var sums = Vector<double>.Zero;
        for (var i = 0; i < vectorsA.Length; i++)
        {
            sums += vectorsA[i] * vectorsB[i];
        }

        var sum = Vector.Sum(sums);
        for (var i = vectorsA.Length * Vector<double>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>row −= s a + t b.</summary>
    private static void Subtract(Span<double> row, double s, ReadOnlySpan<double> a, double t, ReadOnlySpan<double> b)
    {
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(row);
        var vectorsA = MemoryMarshal.Cast<double, Vector<double>>(a);
        var vectorsB = MemoryMarshal.Cast<double, Vector<double>>(b);
        var (factorA, factorB) = (new Vector<double>(s), new Vector<double>(t));
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] -= (factorA * vectorsA[i]) + (factorB * vectorsB[i]);
        }

        for (var i = vectors.Length * Vector<double>.Count; i < row.Length; i++)
        {
            row[i] -= (s * a[i]) + (t * b[i]);
        }
    }

    /// <summary>Implicit QL: each eigenvalue in turn splits off at the start of its block.</summary>
    private static void Diagonalise(Span<double> d, Span<double> e)
    {
        // Against the whole matrix, not against the neighbours: the null space of a singular matrix is rounding noise, in
        // which a relative test may never be met.
        var negligible = Epsilon * Largest(d, e);
        for (var start = 0; start < d.Length; start++)
        {
            for (var step = 0; ; step++)
            {
                var end = BlockEnd(e, start, negligible);
                if (end == start)
                {
                    break;
                }

                if (step == MostSteps)
                {
                    throw new InterpException("the eigenvalues of a matrix do not converge: it holds numbers that are not finite");
                }

                Step(d, e, start, end);
            }
        }
    }

    /// <summary>The last row of the block that begins at a row: the first whose off-diagonal entry is negligible.</summary>
    private static int BlockEnd(ReadOnlySpan<double> e, int start, double negligible)
    {
        var end = start;
        while (end < e.Length - 1 && Math.Abs(e[end]) > negligible)
        {
            end++;
        }

        return end;
    }

    private static double Largest(ReadOnlySpan<double> d, ReadOnlySpan<double> e)
    {
        var largest = 0.0;
        for (var i = 0; i < d.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(d[i]) + Math.Abs(e[i]));
        }

        return largest;
    }

    /// <summary>One QL step on rows start … end: a rotation at the end by the shift, then the bulge is chased to the start.</summary>
    private static void Step(Span<double> d, Span<double> e, int start, int end)
    {
        var ratio = (d[start + 1] - d[start]) / (2 * e[start]);
        var shift = d[start] - (e[start] / (ratio + Math.CopySign(Math.Sqrt((ratio * ratio) + 1), ratio)));
        var g = d[end] - shift;
        var (sine, cosine, p) = (1.0, 1.0, 0.0);
        for (var i = end - 1; i >= start; i--)
        {
            var f = sine * e[i];
            var b = cosine * e[i];
            var r = Math.Sqrt((f * f) + (g * g));
            e[i + 1] = r;
            if (r == 0)
            {
                // The block falls apart here; what was chased so far is undone by leaving the rest for the next step.
                d[i + 1] -= p;
                e[end] = 0;
                return;
            }

            sine = f / r;
            cosine = g / r;
            g = d[i + 1] - p;
            r = ((d[i] - g) * sine) + (2 * cosine * b);
            p = sine * r;
            d[i + 1] = g + p;
            g = (cosine * r) - b;
        }

        d[start] -= p;
        e[start] = g;
        e[end] = 0;
    }
}
