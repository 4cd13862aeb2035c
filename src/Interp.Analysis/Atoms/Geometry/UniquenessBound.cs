namespace Interp.Analysis.Atoms.Geometry;

/// <summary>
/// A K-sparse code is unique when the directions' coherence μ is below 1/(2K − 1). Over a distribution of K, q* is the greatest q at
/// which the q-quantile of the cosines is still below the bound of the q-quantile of K.
/// </summary>
internal static class UniquenessBound
{
    /// <summary>1/(2K − 1), K at least 1.</summary>
    public static double Bound(double active) => 1 / ((2 * Math.Max(active, 1)) - 1);

    /// <summary>The greatest K with K &lt; (1 + 1/μ)/2.</summary>
    public static double LargestSparsity(double coherence) => Math.Ceiling((1 + (1 / coherence)) / 2) - 1;

    /// <summary>q*, 0–1.</summary>
    /// <param name="shareBelow">The share of cosines below a bound.</param>
    /// <param name="l0Shares">The share of rows with at most so many active latents, for each number from 0.</param>
    public static double QStar(Func<double, double> shareBelow, IReadOnlyList<double> l0Shares)
    {
        // Where K_q = k, q runs from the share of rows with fewer than k up to that with at most k.
        var best = 0.0;
        var before = 0.0;
        for (var active = 0; active < l0Shares.Count; active++)
        {
            if (l0Shares[active] > before)
            {
                best = Math.Max(best, Math.Min(l0Shares[active], shareBelow(Bound(active))));
                before = l0Shares[active];
            }
        }

        return best;
    }

    /// <summary>q* when every row has the same number of active latents.</summary>
    public static double QStar(Func<double, double> shareBelow, double active) => shareBelow(Bound(active));
}
