using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>Runs the model with planes of the numbers' embedding kept, removed or patched.</summary>
internal sealed class PlaneIntervention(FourierInput input, FourierBasis basis, int runs, IProgress<StepProgress>? progress, CancellationToken cancellation)
{
    private int _done;

    /// <summary>Keeps the mean and some frequencies, for both numbers.</summary>
    /// <returns>The logits, [p, p, p], in the current dispose scope.</returns>
    public Tensor Keep(IReadOnlyCollection<int> frequencies)
    {
        using var scope = NewDisposeScope();
        return Run(table => table.mean([0], keepdim: true) + Part(table, frequencies)).MoveToOuterDisposeScope();
    }

    /// <summary>Takes some frequencies out, for both numbers.</summary>
    /// <returns>The logits, [p, p, p], in the current dispose scope.</returns>
    public Tensor Remove(IReadOnlyCollection<int> frequencies)
    {
        using var scope = NewDisposeScope();
        return Run(table => table - Part(table, frequencies)).MoveToOuterDisposeScope();
    }

    /// <summary>Sets some frequencies of the first number to those of the next number; everything else stays.</summary>
    /// <returns>The logits, [p, p, p], in the current dispose scope.</returns>
    public Tensor PatchToNext(IReadOnlyCollection<int> frequencies)
    {
        using var scope = NewDisposeScope();
        var part = Part(input.Embedding, frequencies);
        return Run(input.Embedding - part + part.roll(-1, 0), input.SecondEmbedding ?? input.Embedding).MoveToOuterDisposeScope();
    }

    private Tensor Part(Tensor table, IReadOnlyCollection<int> frequencies) =>
        frequencies.Count == 0 ? zeros_like(table) : basis.Project(table, frequencies);

    /// <summary>Runs with both numbers' embeddings changed alike.</summary>
    private Tensor Run(Func<Tensor, Tensor> change)
    {
        var first = change(input.Embedding);
        return Run(first, input.SecondEmbedding is { } second ? change(second) : first);
    }

    private Tensor Run(Tensor first, Tensor second)
    {
        cancellation.ThrowIfCancellationRequested();
        var logits = input.Rerun(first, second, cancellation);
        progress?.Report(new StepProgress("intervene", ++_done, runs, "runs"));
        return logits;
    }
}
