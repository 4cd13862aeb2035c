namespace Interp.Analysis.Activations.Capture;

/// <summary>Documents of equal length.</summary>
/// <param name="Documents">The token ids of each.</param>
/// <param name="LeadingSpecial">The special tokens that each starts with; they are run but become no rows.</param>
internal sealed record TokenBatch(IReadOnlyList<int[]> Documents, int LeadingSpecial = 0)
{
    /// <summary>The tokens of each document.</summary>
    public int Length => Documents[0].Length;

    /// <summary>All ids, row by row.</summary>
    public long[] Flat => [.. Documents.SelectMany(document => document).Select(id => (long)id)];
}
