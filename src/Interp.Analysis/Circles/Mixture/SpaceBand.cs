namespace Interp.Analysis.Circles.Mixture;

/// <summary>The fullest band |x·v + c| &lt; ε·√E[(x·v + c)²] that was found among points of several dimensions.</summary>
/// <param name="Share">The share of points inside, 0–1.</param>
/// <param name="Direction">v, of unit length.</param>
/// <param name="Offset">c.</param>
/// <param name="IsLowerDimensional">Whether all points lie in a hyperplane, which makes the share 1.</param>
public sealed record SpaceBand(double Share, double[] Direction, double Offset, bool IsLowerDimensional);
