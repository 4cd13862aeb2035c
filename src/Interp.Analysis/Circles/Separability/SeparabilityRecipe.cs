namespace Interp.Analysis.Circles.Separability;

/// <summary>The settings behind an estimator.</summary>
/// <param name="Angles">The angles tried, radians.</param>
/// <param name="Bins">Cells along each axis; 0 where there is no histogram.</param>
/// <param name="HalfWidth">Half the side of the fixed box, or null for a box from minimum to maximum.</param>
/// <param name="Smoothing">Added to both probabilities inside the logarithm.</param>
/// <param name="CorrectsBias">Whether the Miller–Madow bias is subtracted.</param>
internal sealed record SeparabilityRecipe(double[] Angles, int Bins, double? HalfWidth, double Smoothing, bool CorrectsBias)
{
    private const double FullTurn = 2 * Math.PI;

    /// <summary>The recipe of an estimator.</summary>
    public static SeparabilityRecipe Of(SeparabilityEstimator estimator) => estimator switch
    {
        SeparabilityEstimator.PaperRanking => new(Steps(100, FullTurn / 99), 10, null, 0, false),
        SeparabilityEstimator.MillerMadow => new(Steps(100, FullTurn / 99), 10, null, 0, true),
        SeparabilityEstimator.Fast => new(Steps(25, Math.PI / 50), 10, null, 0, false),
        SeparabilityEstimator.Demo or SeparabilityEstimator.DemoRms => new(Steps(1000, FullTurn / 1000), 40, 3, 1e-4, false),
        SeparabilityEstimator.Ksg => new(Steps(25, Math.PI / 50), 0, null, 0, false),
        _ => throw new ArgumentOutOfRangeException(nameof(estimator), estimator, "unknown estimator"),
    };

    /// <summary>The cloud as the estimator wants it.</summary>
    public static PlaneCloud Prepare(PlaneCloud cloud, SeparabilityEstimator estimator)
    {
        if (estimator is not (SeparabilityEstimator.Demo or SeparabilityEstimator.DemoRms))
        {
            return cloud;
        }

        var centred = cloud.Centred();
        var meanSquare = (centred.X.Sum(x => x * x) + centred.Y.Sum(y => y * y)) / (2 * cloud.Count);

        // The published code divides by the mean square itself; a cloud without extent is left as it is.
        return meanSquare > 0 ? centred.DividedBy(estimator == SeparabilityEstimator.Demo ? meanSquare : Math.Sqrt(meanSquare)) : centred;
    }

    private static double[] Steps(int count, double step) => [.. Enumerable.Range(0, count).Select(i => i * step)];
}
