using Interp.Analysis.Activations;
using Interp.Compute.Statistics;

namespace Interp.Analysis.Atoms;

/// <summary>Which rows of a store training sees and which it never sees. Whole documents are held out, so that near copies of a row are not on both sides.</summary>
internal sealed record HeldOutSplit(long[] Train, long[] HeldOut)
{
    private const int PieceRows = 1 << 16;

    /// <summary>Splits a store. The number of documents held out is the share rounded, at least one where there are two.</summary>
    public static HeldOutSplit Create(ActivationStore store, double heldOutFraction, long seed, CancellationToken cancellation = default)
    {
        var documents = new int[store.Rows];
        for (long first = 0; first < store.Rows; first += PieceRows)
        {
            cancellation.ThrowIfCancellationRequested();
            store.Documents(first, (int)Math.Min(PieceRows, store.Rows - first)).CopyTo(documents, first);
        }

        return Create(documents, heldOutFraction, seed);
    }

    /// <summary>The tokens of the documents held out.</summary>
    /// <param name="store">The store that was split.</param>
    public IEnumerable<int[]> HeldOutDocuments(ActivationStore store) => HeldOut.Length == 0
        ? []
        : HeldOut.Select(row => store.Documents(row, 1)[0]).Distinct().Select(document => store.Prompts[document]);

    /// <summary>Splits rows by the document that each belongs to.</summary>
    public static HeldOutSplit Create(int[] documents, double heldOutFraction, long seed)
    {
        int[] distinct = [.. documents.Distinct().Order()];
        if (distinct.Length < 2)
        {
            // One document alone cannot be split; its rows can.
            documents = distinct = [.. Enumerable.Range(0, documents.Length)];
        }

        var count = heldOutFraction > 0 && distinct.Length > 1
            ? Math.Clamp((int)Math.Round(heldOutFraction * distinct.Length), 1, distinct.Length - 1)
            : 0;
        var order = SplitMix64.ForStream(seed, "held-out documents").Permutation(distinct.Length);
        var held = order.Take(count).Select(place => distinct[place]).ToHashSet();
        List<long> train = [], heldOut = [];
        for (var row = 0; row < documents.Length; row++)
        {
            (held.Contains(documents[row]) ? heldOut : train).Add(row);
        }

        return new HeldOutSplit([.. train], [.. heldOut]);
    }
}
