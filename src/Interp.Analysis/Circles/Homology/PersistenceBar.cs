namespace Interp.Analysis.Circles.Homology;

/// <summary>A loop of the Vietoris–Rips complexes: the distances at which it appears and is filled.</summary>
/// <param name="Birth">The distance at which it appears, in the points' units.</param>
/// <param name="Death">The distance at which it is filled.</param>
public sealed record PersistenceBar(double Birth, double Death)
{
    /// <summary>Death minus birth.</summary>
    public double Length => Death - Birth;

    /// <summary>Death over birth.</summary>
    public double Ratio => Death / Birth;
}
