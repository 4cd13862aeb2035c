namespace Interp.Analysis.Circles.Fourier;

/// <summary>The normalised margin of a quadratic network beside the largest that any reaches (Morwani et al., arXiv 2311.07568).</summary>
/// <param name="Normalized">The smallest lead of a right answer over the best wrong one, over Σ(‖u‖² + ‖v‖² + ‖w‖²)^{3/2} of the neurons; negative where an answer is wrong.</param>
/// <param name="Optimal">√(2/27)/(√p·(p − 1)).</param>
/// <param name="Share">The first over the second; 1 at the optimum.</param>
public sealed record MarginMeasure(double Normalized, double Optimal, double Share);
