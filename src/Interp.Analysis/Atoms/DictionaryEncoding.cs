using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms;

/// <summary>The codes of a set of activations and what they decode to, on the CPU.</summary>
public sealed class DictionaryEncoding : IDisposable
{
    private const long MostCodesAtOnce = 1L << 24;

    private DictionaryEncoding(Tensor codes, Tensor reconstruction, double l0, double? explainedVariance)
    {
        Codes = codes;
        Reconstruction = reconstruction;
        L0 = l0;
        ExplainedVariance = explainedVariance;
    }

    /// <summary>Codes <c>[n, d_sae]</c>, float32; owned by this instance.</summary>
    public Tensor Codes { get; }

    /// <summary>What they decode to <c>[n, d_out]</c>, float32; owned by this instance.</summary>
    public Tensor Reconstruction { get; }

    /// <summary>Active latents a row, mean.</summary>
    public double L0 { get; }

    /// <summary>1 − residual over variance, where the output is as wide as the input; else null.</summary>
    public double? ExplainedVariance { get; }

    /// <summary>Encodes and decodes.</summary>
    /// <param name="dictionary">The dictionary; stays the caller's.</param>
    /// <param name="x">Activations <c>[…, d_in]</c>, or <c>[…, heads, d_head]</c> that make d_in together; rows are the axes before.</param>
    /// <param name="progress">Receives the rows done.</param>
    /// <param name="cancellation">Stops between pieces of rows.</param>
    /// <exception cref="InterpException">The activations are not as wide as the dictionary reads, or hold numbers that are not finite.</exception>
    public static DictionaryEncoding Run(SparseAutoencoder dictionary, Tensor x, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        ArgumentNullException.ThrowIfNull(x);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rows = Rows(x, dictionary);
        var count = (int)rows.shape[0];
        if (!double.IsFinite(rows.sum(ScalarType.Float64).item<double>()) && !rows.isfinite().all().item<bool>())
        {
            throw new InterpException("the activations hold numbers that are not finite: mend or leave out those rows");
        }

        var codes = empty(count, dictionary.Width);
        var reconstruction = empty(count, dictionary.OutputWidth);
        var metrics = dictionary.OutputWidth == dictionary.InputWidth && !dictionary.Info.IsTranscoder ? new DictionaryMetrics(dictionary.Width) : null;
        // Batch-wise selection looks at all rows together.
        var size = dictionary.Info.Architecture == DictionaryArchitecture.BatchTopK ? Math.Max(count, 1) : (int)Math.Clamp(MostCodesAtOnce / dictionary.Width, 1, 1 << 16);
        var active = 0L;
        for (var first = 0; first < count; first += size)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var length = Math.Min(size, count - first);
            var piece = rows.narrow(0, first, length);
            var code = dictionary.Encode(piece);
            var back = dictionary.Decode(code, piece);
            _ = codes.narrow(0, first, length).copy_(code);
            _ = reconstruction.narrow(0, first, length).copy_(back);
            active += code.ne(0).sum().item<long>();
            metrics?.Add(piece, code, back);
            progress?.Report(new StepProgress("encode", first + length, count, "rows"));
        }

        return new DictionaryEncoding(
            codes.DetachFromDisposeScope(), reconstruction.DetachFromDisposeScope(), (double)active / count, metrics?.ExplainedVariance is { } explained && double.IsFinite(explained) ? explained : null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Codes.Dispose();
        Reconstruction.Dispose();
    }

    private static Tensor Rows(Tensor x, SparseAutoencoder dictionary)
    {
        var width = dictionary.InputWidth;
        var fits = x.dim() >= 1 && x.numel() > 0 && (x.shape[^1] == width || (x.dim() >= 2 && x.shape[^1] * x.shape[^2] == width));
        return fits
            ? x.to(ScalarType.Float32).reshape(-1, width)
            : throw new InterpException($"the activations are [{string.Join(", ", x.shape)}] but the dictionary reads rows of {width} numbers{(dictionary.HookName is { } hook ? $" ({hook})" : "")}: give activations of that width");
    }
}
