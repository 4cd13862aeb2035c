namespace Interp.Analysis.Atoms;

/// <summary>Latents by the share of rows on which they fire.</summary>
/// <param name="LogEdges">The bins' edges, log₁₀ of the share.</param>
/// <param name="Counts">The latents in each bin.</param>
/// <param name="Silent">The latents that never fire.</param>
/// <param name="Rows">The rows.</param>
public sealed record DensityHistogram(IReadOnlyList<double> LogEdges, IReadOnlyList<int> Counts, int Silent, long Rows)
{
    private const int BinsPerDecade = 4;

    /// <summary>Counts latents in quarters of a decade, from the least share possible to 1.</summary>
    internal static DensityHistogram Create(IReadOnlyList<double> firings, long rows)
    {
        var bins = Math.Max(1, (int)Math.Ceiling(Math.Log10(Math.Max(rows, 2)) * BinsPerDecade));
        var counts = new int[bins];
        foreach (var firing in firings.Where(firing => firing > 0))
        {
            var place = bins + (int)Math.Floor(Math.Log10(firing / rows) * BinsPerDecade);
            counts[Math.Clamp(place, 0, bins - 1)]++;
        }

        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => (double)(i - bins) / BinsPerDecade)];
        return new DensityHistogram(edges, counts, firings.Count(firing => firing == 0), rows);
    }
}
