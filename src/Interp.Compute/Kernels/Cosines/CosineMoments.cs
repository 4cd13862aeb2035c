namespace Interp.Compute.Kernels.Cosines;

/// <summary>Mean and spread of the cosines of all unordered pairs of different rows.</summary>
/// <param name="Rows">The rows that count: those with a direction.</param>
/// <param name="ZeroRows">The rows of norm exactly 0, which have none and are left out.</param>
/// <param name="Dimension">The width d.</param>
/// <param name="Mean">The mean cosine; at least −1/(V − 1).</param>
/// <param name="MeanSquare">The mean squared cosine; at least (V − d)/(d(V − 1)), the frame bound.</param>
/// <param name="StandardDeviation">The population standard deviation.</param>
public sealed record CosineMoments(long Rows, long ZeroRows, int Dimension, double Mean, double MeanSquare, double StandardDeviation)
{
    /// <summary>The number of unordered pairs V(V − 1)/2.</summary>
    public long Pairs => Rows * (Rows - 1) / 2;

    /// <summary>Tr ρ² of the density matrix ρ = XᵀX/V of the unit rows X: between 1/d and 1.</summary>
    public double Purity => (1 + ((Rows - 1) * MeanSquare)) / Rows;
}
