using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>What a layer's queries do not see, and what distance costs them, for one run.</summary>
internal sealed class AttentionMask
{
    /// <summary>Whether a causal flag says it all.</summary>
    public required bool IsPlainlyCausal { get; init; }

    /// <summary>Whether some queries may see no key at all.</summary>
    public required bool HasPadding { get; init; }

    /// <summary>
    /// What is added to the scores, −∞ where a key is not seen, broadcastable to [b, H, q, k]; null where nothing is, or where a flag is
    /// enough and no scores are formed.
    /// </summary>
    public Tensor? Term { get; private init; }

    /// <summary>Makes the mask of a layer in the present dispose scope.</summary>
    /// <param name="config">The model.</param>
    /// <param name="window">The layer's window, or null.</param>
    /// <param name="span">The run's positions.</param>
    /// <param name="formsScores">Whether the term is needed even where a flag is enough.</param>
    /// <param name="dtype">The model's element type.</param>
    /// <param name="device">The model's device.</param>
    public static AttentionMask Of(ModelConfig config, int? window, RunSpan span, bool formsScores, ScalarType dtype, Device device)
    {
        var (past, total) = (span.Past, span.Total);
        var isWindowed = window < total;
        var isAlibi = config.Positions == PositionKind.Alibi;

        // A single last query sees every key there is.
        var isCausal = config.Direction == AttentionDirection.Causal && (span.Length > 1 || isWindowed);
        var isPlain = isCausal && past == 0 && !isWindowed && !isAlibi && span.HiddenKeys is null;
        return new AttentionMask
        {
            IsPlainlyCausal = isPlain,
            HasPadding = span.HiddenKeys is not null,
            Term = (isCausal || isAlibi || span.HiddenKeys is not null) && (formsScores || !isPlain) ? Combine() : null,
        };

        Tensor Combine()
        {
            var term = isAlibi ? Alibi(config.HeadCount, total, dtype, device) : zeros(1, 1, 1, total, dtype: ScalarType.Float32, device: device);
            if (isCausal)
            {
                // A query q sees the key k if q − window < k ≤ q.
                var all = ones(span.Length, total, dtype: ScalarType.Bool, device: device);
                var hidden = all.triu(past + 1);
                term = term.masked_fill(isWindowed ? hidden.logical_or(all.tril(past - window!.Value)) : hidden, double.NegativeInfinity);
            }

            return span.HiddenKeys is { } padding ? term.masked_fill(padding, double.NegativeInfinity) : term;
        }
    }

    /// <summary>ALiBi's slopes: 2^(−8i/n) for the largest power of two n ≤ H, then every other one of the next.</summary>
    internal static double[] Slopes(int heads)
    {
        var power = (int)Math.Pow(2, Math.Floor(Math.Log2(heads)));
        var first = Enumerable.Range(1, power).Select(i => Math.Pow(2, -8.0 * i / power));
        var rest = Enumerable.Range(0, heads - power).Select(i => Math.Pow(2, -8.0 * ((2 * i) + 1) / (2 * power)));
        return [.. first, .. rest];
    }

    // slope·k differs from −slope·(q − k) by a constant a row, which softmax does not see. [1, H, 1, k]
    private static Tensor Alibi(int heads, long length, ScalarType dtype, Device device)
    {
        var slopes = tensor(Slopes(heads)).view(1, heads, 1, 1);
        return (slopes * arange(length, dtype: ScalarType.Float64)).to(dtype, device);
    }
}
