using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>
/// One block's weights as the forward pass uses them: rows are inputs, columns outputs, queries, keys and values side by side in
/// one matrix so that they are one product. The canonical tensors are views of these.
/// </summary>
internal sealed record BlockParameters
{
    /// <summary>[d_model, (H + 2K)·d_head].</summary>
    public required Tensor QueryKeyValue { get; init; }

    /// <summary>[(H + 2K)·d_head], or null.</summary>
    public Tensor? QueryKeyValueBias { get; init; }

    /// <summary>[H·d_head, d_model].</summary>
    public required Tensor Output { get; init; }

    /// <summary>[d_model], or null.</summary>
    public Tensor? OutputBias { get; init; }

    /// <summary>Before attention.</summary>
    public NormParameters AttentionNorm { get; init; } = NormParameters.None;

    /// <summary>After attention, before its output is added.</summary>
    public NormParameters AttentionPostNorm { get; init; } = NormParameters.None;

    /// <summary>Of queries, before the rotation: [d_head], [H, d_head] or, over all heads at once, [H·d_head].</summary>
    public NormParameters QueryNorm { get; init; } = NormParameters.None;

    /// <summary>Of keys, before the rotation.</summary>
    public NormParameters KeyNorm { get; init; } = NormParameters.None;

    /// <summary>Before the MLP.</summary>
    public NormParameters MlpNorm { get; init; } = NormParameters.None;

    /// <summary>After the MLP, before its output is added.</summary>
    public NormParameters MlpPostNorm { get; init; } = NormParameters.None;

    /// <summary>[d_model, experts], or null without experts.</summary>
    public Tensor? Router { get; init; }

    /// <summary>[experts, d_model, d_mlp], or null without experts.</summary>
    public Tensor? ExpertGate { get; init; }

    /// <summary>[experts, d_model, d_mlp], or null without experts.</summary>
    public Tensor? ExpertIn { get; init; }

    /// <summary>[experts, d_mlp, d_model], or null without experts.</summary>
    public Tensor? ExpertOut { get; init; }

    /// <summary>[d_model, d_mlp]; null in attention-only blocks and with experts.</summary>
    public Tensor? In { get; init; }

    /// <summary>[d_mlp], or null.</summary>
    public Tensor? InBias { get; init; }

    /// <summary>[d_model, d_mlp], or null without a gate.</summary>
    public Tensor? Gate { get; init; }

    /// <summary>[d_mlp], or null.</summary>
    public Tensor? GateBias { get; init; }

    /// <summary>[d_mlp, d_model].</summary>
    public Tensor? Out { get; init; }

    /// <summary>[d_model], or null.</summary>
    public Tensor? OutBias { get; init; }

    /// <summary>After the non-linearity, over the neurons (SoLU).</summary>
    public NormParameters NeuronNorm { get; init; } = NormParameters.None;

    /// <summary>Every tensor once.</summary>
    public IEnumerable<Tensor> All() => new[]
    {
        QueryKeyValue, QueryKeyValueBias, Output, OutputBias, In, InBias, Gate, GateBias, Out, OutBias,
        AttentionNorm.Weight, AttentionNorm.Bias, MlpNorm.Weight, MlpNorm.Bias, NeuronNorm.Weight, NeuronNorm.Bias,
        AttentionPostNorm.Weight, AttentionPostNorm.Bias, MlpPostNorm.Weight, MlpPostNorm.Bias, QueryNorm.Weight, QueryNorm.Bias,
        KeyNorm.Weight, KeyNorm.Bias, Router, ExpertGate, ExpertIn, ExpertOut,
    }.OfType<Tensor>();
}
