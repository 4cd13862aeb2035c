using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;

namespace Interp.Compute.Tests.LinearAlgebra;

/// <summary>Seeded matrices for tests.</summary>
internal static class RandomMatrix
{
    public static double[,] Normal(int rows, int columns, long seed = 1)
    {
        var random = SplitMix64.ForStream(seed, "test matrix");
        var matrix = new double[rows, columns];
        foreach (ref var value in MatrixConversion.Span(matrix))
        {
            value = random.NextNormal();
        }

        return matrix;
    }

    public static double[,] UnitRows(int rows, int columns, long seed = 1)
    {
        var matrix = Normal(rows, columns, seed);
        for (var row = 0; row < rows; row++)
        {
            var values = MatrixConversion.Span(matrix).Slice(row * columns, columns);
            var length = 0.0;
            foreach (var value in values)
            {
                length += value * value;
            }

            foreach (ref var value in values)
            {
                value /= Math.Sqrt(length);
            }
        }

        return matrix;
    }

    public static double[,] Multiply(double[,] a, double[,] b)
    {
        var product = new double[a.GetLength(0), b.GetLength(1)];
        for (var i = 0; i < a.GetLength(0); i++)
        {
            for (var j = 0; j < b.GetLength(1); j++)
            {
                for (var k = 0; k < b.GetLength(0); k++)
                {
                    product[i, j] += a[i, k] * b[k, j];
                }
            }
        }

        return product;
    }

    public static double[,] Transpose(double[,] a)
    {
        var t = new double[a.GetLength(1), a.GetLength(0)];
        for (var i = 0; i < a.GetLength(0); i++)
        {
            for (var j = 0; j < a.GetLength(1); j++)
            {
                t[j, i] = a[i, j];
            }
        }

        return t;
    }

    public static double LargestDifference(double[,] a, double[,] b)
    {
        Assert.Equal((a.GetLength(0), a.GetLength(1)), (b.GetLength(0), b.GetLength(1)));
        var largest = 0.0;
        for (var i = 0; i < a.GetLength(0); i++)
        {
            for (var j = 0; j < a.GetLength(1); j++)
            {
                largest = Math.Max(largest, Math.Abs(a[i, j] - b[i, j]));
            }
        }

        return largest;
    }
}
