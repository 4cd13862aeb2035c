using Interp.Models;
using Interp.Models.Hooks;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Lenses;

/// <summary>
/// Direct logit attribution: how much each component's own contribution to the residual stream adds to a logit (or a difference of
/// logits) at the last position, with the final norm's scale frozen at its value in this run (Elhage et al. 2021).
/// </summary>
/// <remarks>
/// For LayerNorm contributions are centred first, as the norm does; its bias and the unembedding's are constant and left out. With a
/// soft cap the sum is in logits before the cap. Where outputs are normalised before they are added (Gemma 2), heads are taken before
/// that norm and do not add up to the layer.
/// </remarks>
public sealed class LogitAttribution : IDisposable
{
    private LogitAttribution(Tensor heads, Tensor attention, Tensor mlp, Tensor embedding)
    {
        Heads = heads;
        Attention = attention;
        Mlp = mlp;
        Embedding = embedding;
    }

    /// <summary>[layers, heads]; without the attention's bias.</summary>
    public Tensor Heads { get; }

    /// <summary>[layers].</summary>
    public Tensor Attention { get; }

    /// <summary>[layers]; zeros without MLPs.</summary>
    public Tensor Mlp { get; }

    /// <summary>[1]: token embedding and learned positions together.</summary>
    public Tensor Embedding { get; }

    /// <summary>Attributes an answer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">Token ids [1, position].</param>
    /// <param name="answer">The logit or difference.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <returns>The parts, owned by the caller.</returns>
    /// <exception cref="Compute.InterpException">A token is outside the vocabulary.</exception>
    public static LogitAttribution Compute(LanguageModel model, Tensor ids, AnswerDirection answer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(answer);
        answer.Check(model.Config);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var config = model.Config;
        var names = new List<string> { "blocks.0.hook_resid_pre", "blocks.*.attn.hook_result", "blocks.*.hook_attn_out" };
        names.AddRange(config.IsAttentionOnly ? [] : ["blocks.*.hook_mlp_out"]);
        names.AddRange(HasScale(config) ? ["ln_final.hook_scale"] : []);
        using var run = model.Run(ids, new RunOptions { Capture = HookFilter.Names(names), ReturnLogits = LogitPositions.None }, cancellation);

        var direction = answer.InStream(model);
        var scale = HasScale(config) ? Last(run.Cache["ln_final.hook_scale"]) : null;
        Tensor Project(Tensor part)
        {
            var value = Last(part); // [.., D]
            value = HasScale(config) && config.Norm == NormKind.LayerNorm ? value - value.mean([-1], keepdim: true) : value;
            var projected = value.matmul(direction);
            return scale is null ? projected : projected / scale.squeeze(-1);
        }

        Tensor Layers(Func<int, Tensor> part) => stack([.. Enumerable.Range(0, config.LayerCount).Select(layer => Project(part(layer)))], 0);
        return new LogitAttribution(
            Layers(layer => run.Cache["result", layer]).MoveToOuterDisposeScope(),
            Layers(layer => run.Cache["attn_out", layer]).MoveToOuterDisposeScope(),
            (config.IsAttentionOnly ? zeros(config.LayerCount, dtype: model.Dtype, device: model.Device) : Layers(layer => run.Cache["mlp_out", layer])).MoveToOuterDisposeScope(),
            Project(run.Cache["blocks.0.hook_resid_pre"]).reshape(1).MoveToOuterDisposeScope());
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Heads.Dispose();
        Attention.Dispose();
        Mlp.Dispose();
        Embedding.Dispose();
    }

    private static bool HasScale(ModelConfig config) => config.Norm != NormKind.None && config.HasFinalNorm;

    // The first row at the last position.
    private static Tensor Last(Tensor value) => value.select(0, 0).select(0, value.shape[1] - 1);
}
