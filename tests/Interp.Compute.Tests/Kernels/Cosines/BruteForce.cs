namespace Interp.Compute.Tests.Kernels.Cosines;

/// <summary>Cosines by a double loop in float64.</summary>
internal static class BruteForce
{
    public static double[,] Cosines(double[,] rows)
    {
        var count = rows.GetLength(0);
        var cosines = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                cosines[i, j] = Dot(rows, i, j) / Math.Sqrt(Dot(rows, i, i) * Dot(rows, j, j));
            }
        }

        return cosines;
    }

    public static double[] Pairs(double[,] cosines)
    {
        var count = cosines.GetLength(0);
        return [.. Enumerable.Range(0, count).SelectMany(i => Enumerable.Range(i + 1, count - i - 1).Select(j => cosines[i, j]))];
    }

    private static double Dot(double[,] rows, int i, int j)
    {
        var sum = 0.0;
        for (var k = 0; k < rows.GetLength(1); k++)
        {
            sum += rows[i, k] * rows[j, k];
        }

        return sum;
    }
}
