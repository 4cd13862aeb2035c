namespace Interp.Analysis.Entanglement;

/// <summary>
/// Competing laws of entropy against cut or size, by ordinary least squares. ln T is linear in the number of sites, so an area
/// law plus logarithm in tokens is a volume law of small slope in cuts: a claim names its variable.
/// </summary>
/// <remarks>Source of the conformal forms: Calabrese and Cardy, J. Stat. Mech. P06002 (2004).</remarks>
public static class ScalingFits
{
    /// <summary>No law wins by less than this difference of AICc.</summary>
    public const double DecisiveDifference = 4;

    /// <summary>Below this share of the largest value squared, residuals are rounding.</summary>
    private const double Rounding = 1e-28;

    /// <summary>Fits area, both Calabrese–Cardy laws and volume to a profile.</summary>
    /// <param name="entropies">S at cuts 1 … L − 1, in nats; at least two.</param>
    public static IReadOnlyList<ScalingFit> AgainstCut(IReadOnlyList<double> entropies)
    {
        var cuts = Enumerable.Range(1, entropies.Count).Select(cut => (double)cut).ToArray();
        var sites = entropies.Count + 1.0;
        return Fit("cut", entropies, [
            (ScalingLaw.Area, null, 1),
            (ScalingLaw.CardyOpen, [.. cuts.Select(cut => Math.Log(2 * sites / Math.PI * Math.Sin(Math.PI * cut / sites)))], 6),
            (ScalingLaw.CardyPeriodic, [.. cuts.Select(cut => Math.Log(sites / Math.PI * Math.Sin(Math.PI * cut / sites)))], 3),
            (ScalingLaw.Volume, cuts, 1),
        ]);
    }

    /// <summary>Fits area, area with a logarithm and volume to a series of sizes.</summary>
    /// <param name="lengths">The sizes T.</param>
    /// <param name="entropies">S at each, in nats; at least two.</param>
    public static IReadOnlyList<ScalingFit> AgainstLength(IReadOnlyList<int> lengths, IReadOnlyList<double> entropies) => Fit("length", entropies, [
        (ScalingLaw.Area, null, 1),
        (ScalingLaw.AreaLogarithm, [.. lengths.Select(length => Math.Log(length))], 3),
        (ScalingLaw.Volume, [.. lengths.Select(length => (double)length)], 1),
    ]);

    /// <summary>The law that is ahead of all others of its variable by <see cref="DecisiveDifference"/>, or null.</summary>
    public static ScalingLaw? Winner(IReadOnlyList<ScalingFit> fits)
    {
        var ranked = fits.Where(fit => fit.Aicc is not null).OrderBy(fit => fit.Aicc).Take(2).ToArray();
        return ranked.Length == 2 && ranked[1].Aicc - ranked[0].Aicc >= DecisiveDifference ? ranked[0].Law : null;
    }

    private static ScalingFit[] Fit(string variable, IReadOnlyList<double> values, (ScalingLaw Law, double[]? X, double Factor)[] laws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, 2);
        return [.. laws.Select(law => Line(law.Law, variable, law.X, values, law.Factor))];
    }

    /// <summary>S = a + s x; the coefficient is s times the law's factor. Without x, S = a.</summary>
    private static ScalingFit Line(ScalingLaw law, string variable, double[]? x, IReadOnlyList<double> values, double factor)
    {
        var count = values.Count;
        var meanValue = values.Average();
        var meanX = x?.Average() ?? 0;
        var spread = x?.Sum(point => (point - meanX) * (point - meanX)) ?? 0;

        // Where x does not vary its slope is not determined, and the line is a constant.
        var slope = spread > Rounding * count ? values.Select((value, i) => (x![i] - meanX) * (value - meanValue)).Sum() / spread : 0;
        var offset = meanValue - (slope * meanX);
        var residual = values.Select((value, i) => value - offset - (slope * (x?[i] ?? 0))).Sum(error => error * error);
        var total = values.Sum(value => (value - meanValue) * (value - meanValue));
        var parameters = x is null ? 1 : 2;
        var scale = values.Max(value => value * value);
        return new ScalingFit(
            law,
            variable,
            offset,
            slope * factor,
            x is not null && spread > 0 && count > parameters ? factor * Math.Sqrt(residual / (count - parameters) / spread) : null,
            total > Rounding * scale * count ? 1 - (residual / total) : null,
            Aicc(Math.Max(residual, Rounding * Math.Max(scale, double.Epsilon) * count), count, parameters + 1));
    }

    /// <summary>n ln(RSS/n) + 2k + 2k(k + 1)/(n − k − 1), the variance counted among the k parameters.</summary>
    private static double? Aicc(double residual, int count, int parameters) => count - parameters - 1 > 0
        ? (count * Math.Log(residual / count)) + (2 * parameters) + (2.0 * parameters * (parameters + 1) / (count - parameters - 1))
        : null;
}
