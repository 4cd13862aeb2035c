namespace Interp.Analysis.Circles.Helix;

/// <summary>Functions of whole numbers by which activations are fitted, one column each.</summary>
internal static class HelixBases
{
    private const int PolynomialDegree = 9;

    /// <summary>The words for the polynomial.</summary>
    public static string PolynomialName { get; } = $"polynomial of degree {PolynomialDegree}";

    /// <summary>cos and sin of 2πa/T for every period, a over the largest number where there is a line, and one; without a sine of period 2, which is zero.</summary>
    public static double[,] Helix(double[] numbers, IReadOnlyList<int> periods, bool hasLine)
    {
        var columns = new List<Func<double, double>>();
        foreach (var period in periods.Distinct())
        {
            columns.Add(number => Math.Cos(2 * Math.PI * number / period));
            if (period != 2)
            {
                columns.Add(number => Math.Sin(2 * Math.PI * number / period));
            }
        }

        if (hasLine)
        {
            var largest = Math.Max(1, numbers.Max(Math.Abs));
            columns.Add(number => number / largest);
        }

        columns.Add(_ => 1);
        return Matrix(numbers, columns);
    }

    /// <summary>Chebyshev polynomials over the numbers' range, which span what powers do.</summary>
    public static double[,] Polynomial(double[] numbers)
    {
        var (low, high) = (numbers.Min(), numbers.Max());
        return Matrix(numbers, [.. Enumerable.Range(0, PolynomialDegree + 1).Select(degree => (Func<double, double>)(number => Math.Cos(degree * Math.Acos(Math.Clamp((2 * (number - low) / (high - low)) - 1, -1, 1)))))]);
    }

    private static double[,] Matrix(double[] numbers, List<Func<double, double>> columns)
    {
        var matrix = new double[numbers.Length, columns.Count];
        for (var row = 0; row < numbers.Length; row++)
        {
            for (var column = 0; column < columns.Count; column++)
            {
                matrix[row, column] = columns[column](numbers[row]);
            }
        }

        return matrix;
    }
}
