namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>
/// The constants of one step of Adam with bias correction: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − η/(1 − β₁ᵗ)·m/(√(v/(1 − β₂ᵗ)) + ε).
/// With β₁ = 0 there is no first moment. Source: Kingma and Ba, arXiv 1412.6980, algorithm 1.
/// </summary>
/// <param name="Rate">η.</param>
/// <param name="Beta1">β₁, from 0 to below 1.</param>
/// <param name="Beta2">β₂, from 0 to below 1.</param>
/// <param name="Step">t, the number of this step, from 1.</param>
/// <param name="Epsilon">ε.</param>
public sealed record AdamSettings(double Rate, double Beta1, double Beta2, long Step, double Epsilon = 1e-8)
{
    /// <summary>η/(1 − β₁ᵗ).</summary>
    internal double Size => Rate / (1 - Math.Pow(Beta1, Step));

    /// <summary>√(1 − β₂ᵗ).</summary>
    internal double Correction => Math.Sqrt(1 - Math.Pow(Beta2, Step));
}
