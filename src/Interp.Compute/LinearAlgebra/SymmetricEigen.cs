using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.LinearAlgebra;

/// <summary>
/// Eigenvalues and eigenvectors of a real symmetric matrix, largest value first, with signs fixed so that the same matrix
/// always gives the same vectors: the entry of largest magnitude of every vector (the first of equal ones) is positive.
/// </summary>
public sealed class SymmetricEigen
{
    private SymmetricEigen(double[] values, double[,] vectors)
    {
        Values = values;
        Vectors = vectors;
    }

    /// <summary>The eigenvalues, descending.</summary>
    public double[] Values { get; }

    /// <summary>The unit eigenvectors as rows, <c>[n, n]</c>, in the order of <see cref="Values"/>.</summary>
    public double[,] Vectors { get; }

    /// <summary>Decomposes a symmetric matrix in float64; only its lower triangle is read. Costs O(n³).</summary>
    /// <param name="matrix">The matrix <c>[n, n]</c>.</param>
    /// <exception cref="ShapeMismatchException">It is not square.</exception>
    /// <exception cref="InterpException">It holds a number that is not finite.</exception>
    public static SymmetricEigen Decompose(double[,] matrix)
    {
        using var scope = NewDisposeScope();
        return Decompose(matrix.ToTensor());
    }

    /// <inheritdoc cref="Decompose(double[,])"/>
    public static SymmetricEigen Decompose(Tensor matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.dim() != 2 || matrix.shape[0] != matrix.shape[1])
        {
            throw new ShapeMismatchException("a symmetric matrix", "[n, n]", matrix.shape);
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var real = matrix.detach().to(ScalarType.Float64);
        RequireFinite(real, "the matrix");
        var (values, vectors) = linalg.eigh(real);
        var rows = vectors.t().flip(0).ToMatrix();
        FixSigns(rows);
        return new SymmetricEigen(values.flip(0).ToVector(), rows);
    }

    /// <summary>Turns every row so that its entry of largest magnitude is positive.</summary>
    internal static void FixSigns(double[,] rows)
    {
        var columns = rows.GetLength(1);
        for (var row = 0; row < rows.GetLength(0); row++)
        {
            var values = MatrixConversion.Span(rows).Slice(row * columns, columns);
            var largest = 0;
            for (var column = 1; column < columns; column++)
            {
                // A hair of slack: entries equal in exact arithmetic must not be told apart by rounding.
                if (Math.Abs(values[column]) > Math.Abs(values[largest]) * (1 + 1e-9))
                {
                    largest = column;
                }
            }

            if (values[largest] < 0)
            {
                for (var column = 0; column < columns; column++)
                {
                    values[column] = -values[column];
                }
            }
        }
    }

    internal static void RequireFinite(Tensor values, string what)
    {
        if (!values.isfinite().all().item<bool>())
        {
            throw new InterpException($"{what} holds numbers that are not finite: drop or mend those rows first");
        }
    }
}
