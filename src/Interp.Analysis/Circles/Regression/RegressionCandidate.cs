namespace Interp.Analysis.Circles.Regression;

/// <summary>A group that might be added.</summary>
/// <param name="Group">Its name.</param>
/// <param name="DegreesOfFreedom">By how much it would raise the design's rank.</param>
/// <param name="Gain">By how much it would raise R².</param>
/// <param name="HeldOutGain">By how much it would raise R² in held-out cells.</param>
public sealed record RegressionCandidate(string Group, int DegreesOfFreedom, double Gain, double HeldOutGain)
{
    /// <summary>The held-out gain for each degree of freedom.</summary>
    internal double Merit => HeldOutGain / Math.Max(1, DegreesOfFreedom);
}
