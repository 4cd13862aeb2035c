namespace Interp.Compute.Statistics;

/// <summary>Special functions that .NET lacks.</summary>
public static class SpecialFunctions
{
    /// <summary>
    /// The digamma function ψ(x) = d ln Γ(x)/dx for x &gt; 0, to about 1e-13: the recurrence ψ(x) = ψ(x+1) − 1/x up to
    /// x ≥ 10, then the asymptotic series (Abramowitz and Stegun 6.3.18).
    /// </summary>
    /// <param name="x">A positive number.</param>
    public static double Digamma(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        var sum = 0.0;
        for (; x < 10; x++)
        {
            sum -= 1 / x;
        }

        var inverse = 1 / (x * x);
        var series = inverse * ((1.0 / 12) - (inverse * ((1.0 / 120) - (inverse * ((1.0 / 252) - (inverse * ((1.0 / 240) - (inverse * (1.0 / 132)))))))));
        return sum + Math.Log(x) - (0.5 / x) - series;
    }
}
