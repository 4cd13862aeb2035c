namespace Interp.Analysis.Circles.Mixture;

/// <summary>How the fullest band is searched for.</summary>
public enum MixtureEstimator
{
    /// <summary>Every offset exactly, for each of a grid of directions.</summary>
    Exact,

    /// <summary>
    /// Gradient ascent on a smooth count at temperature 1 from one seeded start; made the published ranking. Biased low on
    /// circles: 0.118 where the index is 0.219.
    /// </summary>
    GradientT1,

    /// <summary>The same with a temperature that falls from 1 to 0; the smooth count itself is reported.</summary>
    GradientAnnealed,
}
