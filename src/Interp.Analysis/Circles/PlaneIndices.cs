using Interp.Analysis.Circles.Mixture;
using Interp.Analysis.Circles.Separability;

namespace Interp.Analysis.Circles;

/// <summary>Both indices of planes: of one on the calling thread's own time, of many side by side.</summary>
/// <param name="Separability">S with its settings.</param>
/// <param name="Mixture">M with its band.</param>
public sealed record PlaneIndices(SeparabilityScore Separability, MixtureScore Mixture)
{
    /// <summary>(1 − M)·S, bits.</summary>
    public double Score => (1 - Mixture.Share) * Separability.Bits;

    /// <summary>Measures one plane.</summary>
    /// <param name="cloud">The points.</param>
    /// <param name="estimator">How mutual information is estimated.</param>
    /// <param name="mixtureEstimator">How the fullest band is searched for.</param>
    /// <param name="directions">Directions of the exact search.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="seed">The seed of the published search.</param>
    /// <param name="cancellation">Stops between angles and between directions.</param>
    public static PlaneIndices Measure(
        PlaneCloud cloud,
        SeparabilityEstimator estimator = SeparabilityEstimator.PaperRanking,
        MixtureEstimator mixtureEstimator = MixtureEstimator.Exact,
        int directions = 720,
        double epsilon = MixtureIndex.DefaultEpsilon,
        long seed = 0,
        CancellationToken cancellation = default) => new(
            SeparabilityIndex.Measure(cloud, estimator, cancellation: cancellation),
            mixtureEstimator == MixtureEstimator.Exact
                ? MixtureIndex.MeasureFullest(cloud, directions, epsilon, cancellation)
                : MixtureIndex.Measure(cloud, mixtureEstimator, directions, epsilon, seed, cancellation));

    /// <summary>Measures planes by the default estimators, one a thread. The results do not depend on how many threads there are.</summary>
    /// <param name="clouds">The planes' points, made when their turn comes.</param>
    /// <param name="count">How many planes.</param>
    /// <param name="directions">Directions of the exact search.</param>
    /// <param name="cancellation">Stops between angles and between directions.</param>
    public static PlaneIndices[] MeasureAll(Func<int, PlaneCloud> clouds, int count, int directions = 720, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(clouds);
        var measured = new PlaneIndices[count];
        Parallel.For(
            0,
            count,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            plane => measured[plane] = Measure(clouds(plane), directions: directions, cancellation: cancellation));
        return measured;
    }
}
