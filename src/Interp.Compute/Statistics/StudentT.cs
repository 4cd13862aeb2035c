namespace Interp.Compute.Statistics;

/// <summary>Student's t distribution, for confidence intervals of means.</summary>
public static class StudentT
{
    private const int MostTerms = 300;
    private const double Smallest = 1e-300;

    /// <summary>P(T ≤ t).</summary>
    /// <param name="t">Any number.</param>
    /// <param name="degrees">Degrees of freedom, above 0.</param>
    /// <remarks>Accurate to 1e-12: the regularised incomplete beta function by its continued fraction (Lentz).</remarks>
    public static double Cumulative(double t, double degrees)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degrees);
        var tail = 0.5 * IncompleteBeta(degrees / 2, 0.5, degrees / (degrees + (t * t)));
        return t >= 0 ? 1 - tail : tail;
    }

    /// <summary>The t with P(T ≤ t) = <paramref name="probability"/>.</summary>
    /// <param name="probability">Between 0 and 1.</param>
    /// <param name="degrees">Degrees of freedom, above 0.</param>
    public static double Quantile(double probability, double degrees)
    {
        if (probability is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "a probability strictly between 0 and 1 is needed");
        }

        if (probability < 0.5)
        {
            return -Quantile(1 - probability, degrees);
        }

        double low = 0, high = 1;
        while (Cumulative(high, degrees) < probability && high < 1e12)
        {
            (low, high) = (high, 2 * high);
        }

        while (high - low > 1e-12 * Math.Max(1, high))
        {
            var middle = (low + high) / 2;
            (low, high) = Cumulative(middle, degrees) < probability ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    private static double IncompleteBeta(double a, double b, double x)
    {
        if (x is <= 0 or >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(a, b, x) / a : 1 - (front * Fraction(b, a, 1 - x) / b);
    }

    private static double Fraction(double a, double b, double x)
    {
        static double Safe(double value) => Math.Abs(value) < Smallest ? Smallest : value;
        double c = 1, d = 1 / Safe(1 - ((a + b) * x / (a + 1))), result = d;
        for (var m = 1; m <= MostTerms; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Safe(1 + (even * d));
            c = Safe(1 + (even / c));
            result *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Safe(1 + (odd * d));
            c = Safe(1 + (odd / c));
            result *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-15)
            {
                break;
            }
        }

        return result;
    }

    /// <summary>ln Γ by Stirling's series after shifting the argument above 10.</summary>
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        while (x < 10)
        {
            shift += Math.Log(x++);
        }

        var square = x * x;
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI))
            + ((1.0 / 12 - ((1.0 / 360 - ((1.0 / 1260 - (1.0 / 1680 / square)) / square)) / square)) / x) - shift;
    }
}
