namespace Interp.Analysis.Entanglement.Internal;

/// <summary>The boundary's entropy and the humps beside it.</summary>
/// <param name="BoundaryEntropy">The entropy at the boundary.</param>
/// <param name="RowHump">The largest left of it, or null where nothing is.</param>
/// <param name="ColumnHump">The largest right of it, or null where nothing is.</param>
internal sealed record Valley(double BoundaryEntropy, EntropyHump? RowHump, EntropyHump? ColumnHump)
{
    /// <summary>The mean of the humps less the boundary's entropy; null where a hump is missing.</summary>
    public double? Depth => ((RowHump?.Entropy + ColumnHump?.Entropy) / 2) - BoundaryEntropy;

    /// <summary>Reads a profile; null where it has no boundary.</summary>
    public static Valley? Of(double[] entropies, int boundary) => boundary == 0
        ? null
        : new Valley(entropies[boundary - 1], Hump(entropies, 1, boundary - 1), Hump(entropies, boundary + 1, entropies.Length));

    private static EntropyHump? Hump(double[] entropies, int first, int last)
    {
        var cuts = Enumerable.Range(first, Math.Max(last - first + 1, 0)).ToArray();
        return cuts.Length == 0 ? null : cuts.Select(cut => new EntropyHump(cut, entropies[cut - 1])).MaxBy(hump => hump.Entropy);
    }
}
