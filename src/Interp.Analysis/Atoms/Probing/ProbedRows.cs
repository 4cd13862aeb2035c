using Interp.Analysis.Activations;
using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Probing;

/// <summary>Labelled rows of one side of the split: their activations, and codes in pieces.</summary>
internal sealed class ProbedRows
{
    private const long MostCodes = 1L << 24;

    private readonly SparseAutoencoder _dictionary;

    /// <summary>Reads a sample of labelled rows; tensors are in the caller's scope.</summary>
    public ProbedRows(ActivationStore store, SparseAutoencoder dictionary, long[] rows, int[] labels, int most, long seed)
    {
        _dictionary = dictionary;
        long[] labelled = [.. rows.Where(row => labels[row] >= 0)];
        if (labelled.Length > most)
        {
            SplitMix64.ForStream(seed, "probed rows").Shuffle(labelled.AsSpan());
            labelled = [.. labelled.Take(most).Order()];
        }

        Labels = [.. labelled.Select(row => labels[row])];
        Activations = store.Gather(labelled);
    }

    /// <summary>The label of each row.</summary>
    public int[] Labels { get; }

    /// <summary><c>[n, d]</c>.</summary>
    public Tensor Activations { get; }

    /// <summary>Codes <c>[rows, N]</c> of consecutive pieces, with the first row of each; each piece is gone when the next one comes.</summary>
    public void Codes(Action<int, Tensor> take, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var size = (int)Math.Clamp(MostCodes / _dictionary.Width, 64, 8192);
        for (var first = 0; first < Labels.Length; first += size)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            take(first, _dictionary.Encode(Activations.narrow(0, first, Math.Min(size, Labels.Length - first))));
            progress?.Report(new StepProgress("encode labelled rows", Math.Min(Labels.Length, first + size), Labels.Length, "rows"));
        }
    }

    /// <summary>The codes of chosen latents <c>[n, latents]</c>, in the caller's scope.</summary>
    public Tensor Codes(IReadOnlyList<int> latents, CancellationToken cancellation)
    {
        var chosen = tensor(latents.Select(latent => (long)latent).ToArray());
        var codes = zeros(Labels.Length, latents.Count);
        Codes((first, piece) => _ = codes.narrow(0, first, piece.shape[0]).copy_(piece.index_select(1, chosen)), null, cancellation);
        return codes;
    }

    /// <summary>All rows of a class and as many others (fewer where there are not so many), in order, with who belongs.</summary>
    public (long[] Rows, bool[] IsMember) Balanced(int label, long seed)
    {
        var random = SplitMix64.ForStream(seed, $"balanced {label}");
        long[] members = [.. Labels.Index().Where(entry => entry.Item == label).Select(entry => (long)entry.Index)];
        long[] others = [.. Labels.Index().Where(entry => entry.Item != label).Select(entry => (long)entry.Index)];
        random.Shuffle(members.AsSpan());
        random.Shuffle(others.AsSpan());
        var count = Math.Min(members.Length, others.Length);
        var isIn = members.Take(count).ToHashSet();
        long[] rows = [.. members.Take(count).Concat(others.Take(count)).Order()];
        return (rows, [.. rows.Select(isIn.Contains)]);
    }
}
