namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>μ, the greatest absolute cosine of two directions.</summary>
/// <param name="Euclidean">As they are.</param>
/// <param name="Atomic">In the atomic inner product of the activations; NaN where there are fewer rows than dimensions.</param>
/// <param name="AliveEuclidean">As they are, living latents only.</param>
/// <param name="AliveAtomic">In the atomic inner product, living latents only.</param>
/// <param name="WelchBound">The least possible μ for so many directions in so many dimensions.</param>
public sealed record CoherenceSummary(double Euclidean, double Atomic, double AliveEuclidean, double AliveAtomic, double WelchBound);
