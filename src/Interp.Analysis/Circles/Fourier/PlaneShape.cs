using Interp.Analysis.Circles.Mixture;
using Interp.Analysis.Circles.Separability;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>How far from reducible a plane cloud is: a circle scores 1.17 or so, a Gaussian nearly nothing.</summary>
/// <param name="SeparabilityBits">The separability index by the estimator of the published ranking, bits.</param>
/// <param name="Mixture">The mixture index at ε = 0.1 over 720 directions, 0–1.</param>
public sealed record PlaneShape(double SeparabilityBits, double Mixture)
{
    private const int Directions = 720;

    /// <summary>(1 − mixture)·separability.</summary>
    public double Score => (1 - Mixture) * SeparabilityBits;

    /// <summary>Measures a cloud.</summary>
    internal static PlaneShape Of(PlaneCloud cloud, CancellationToken cancellation) => new(
        SeparabilityIndex.Measure(cloud, cancellation: cancellation).Bits,
        MixtureIndex.Measure(cloud, Directions, cancellation: cancellation).Share);
}
