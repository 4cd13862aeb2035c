namespace Interp.Analysis.Atoms.Recovery;

/// <summary>The theory's window at one setting, and what encoding with the planted directions and one threshold recovers there.</summary>
/// <param name="Active">K.</param>
/// <param name="Noise">The noise's standard deviation.</param>
/// <param name="Lower">The least threshold that keeps every inactive atom silent for sure: ε·K·δ_max, and the noise's reach.</param>
/// <param name="Upper">The greatest that every active atom passes for sure: δ_min − ε·(K − 1)·δ_max, less the noise's reach.</param>
/// <param name="Threshold">The threshold used: the window's middle, open or not.</param>
/// <param name="ExactSupports">The share of rows whose active atoms are exactly those planted.</param>
/// <param name="BestExactSupports">The same with the best single threshold.</param>
public sealed record RecoveryPoint(int Active, double Noise, double Lower, double Upper, double Threshold, double ExactSupports, double BestExactSupports)
{
    /// <summary>Whether there is a threshold that the theorem vouches for.</summary>
    public bool IsOpen => Lower < Upper;
}
