namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>
/// The theory's window for thresholds, εKδ_max &lt; τ &lt; δ_min − ε(K − 1)δ_max, in units where directions have atomic length 1: inside it the
/// support of every K-sparse code is found exactly.
/// </summary>
/// <param name="Bound">"strict" (the greatest cosine and the most active latents) or "quantile" (both at the quantile q* over pairs).</param>
/// <param name="Epsilon">ε, the cosine.</param>
/// <param name="Active">K.</param>
/// <param name="LeastCoefficient">δ_min, the 1 % quantile of non-zero coefficients.</param>
/// <param name="GreatestCoefficient">δ_max, the 99 % quantile.</param>
/// <param name="Lower">The window's lower end.</param>
/// <param name="Upper">The window's upper end; the window is empty when it is not above the lower end.</param>
/// <param name="Green">The share of living latents whose threshold is inside, 0–1.</param>
/// <param name="Amber">The share outside a window that is there.</param>
/// <param name="Red">The share without a window: 1 or 0.</param>
public sealed record WindowSummary(
    string Bound, double Epsilon, double Active, double LeastCoefficient, double GreatestCoefficient, double Lower, double Upper, double Green, double Amber, double Red);
