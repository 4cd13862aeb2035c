using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>What a layer's queries do not see, and what distance costs them, for one input length.</summary>
internal sealed class AttentionMask
{
    private AttentionMask(Tensor? hidden, Tensor? bias, bool isPlainlyCausal)
    {
        Hidden = hidden;
        Bias = bias;
        IsPlainlyCausal = isPlainlyCausal;
        Combined = hidden is null && bias is null ? null : Combine(hidden, bias);
        Term = Combined?.unsqueeze(0);
    }

    /// <summary>True where a key is not seen, [q, k]; null where all are.</summary>
    public Tensor? Hidden { get; }

    /// <summary>ALiBi's term, [H, 1, k], or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>Whether a causal flag says it all.</summary>
    public bool IsPlainlyCausal { get; }

    /// <summary>Both as one term to add to the scores, [H or 1, q, k]; null where there is neither.</summary>
    public Tensor? Combined { get; }

    /// <summary>The same, [1, H or 1, q, k].</summary>
    public Tensor? Term { get; }

    /// <summary>The same, but null where a flag is enough.</summary>
    public Tensor? Additive => IsPlainlyCausal ? null : Combined;

    /// <summary>Makes the mask of a layer in the present dispose scope.</summary>
    public static AttentionMask Of(ModelConfig config, int? window, long length, ScalarType dtype, Device device)
    {
        Tensor? hidden = null;
        if (config.Direction == AttentionDirection.Causal)
        {
            var all = ones(length, length, dtype: ScalarType.Bool, device: device);
            hidden = all.triu(1);

            // A query q sees the key k if q − window < k ≤ q.
            hidden = window < length ? hidden.logical_or(all.tril(-window.Value)) : hidden;
        }

        var bias = config.Positions == PositionKind.Alibi ? Alibi(config.HeadCount, length, dtype, device) : null;
        return new AttentionMask(hidden, bias, hidden is not null && bias is null && !(window < length));
    }

    /// <summary>ALiBi's slopes: 2^(−8i/n) for the largest power of two n ≤ H, then every other one of the next.</summary>
    internal static double[] Slopes(int heads)
    {
        var power = (int)Math.Pow(2, Math.Floor(Math.Log2(heads)));
        var first = Enumerable.Range(1, power).Select(i => Math.Pow(2, -8.0 * i / power));
        var rest = Enumerable.Range(0, heads - power).Select(i => Math.Pow(2, -8.0 * ((2 * i) + 1) / (2 * power)));
        return [.. first, .. rest];
    }

    // slope·k differs from −slope·(q − k) by a constant a row, which softmax does not see.
    private static Tensor Alibi(int heads, long length, ScalarType dtype, Device device)
    {
        var slopes = tensor(Slopes(heads)).view(heads, 1, 1);
        return (slopes * arange(length, dtype: ScalarType.Float64)).to(dtype, device);
    }

    private static Tensor Combine(Tensor? hidden, Tensor? bias)
    {
        var zero = bias ?? zeros_like(hidden!, dtype: ScalarType.Float32).unsqueeze(0);
        return hidden is null ? zero : zero.masked_fill(hidden, double.NegativeInfinity);
    }
}
