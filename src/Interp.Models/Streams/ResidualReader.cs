using Interp.Compute;
using Interp.Models.Hooks;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Streams;

/// <summary>
/// Reads the residual stream out of a run's captured values: its states, what each component, head and neuron added to it, and
/// what that says about logits. Everything named a contribution adds up to the stream.
/// </summary>
/// <remarks>
/// Parts are those that reach the stream: after a post norm, with its scale of this run, and after a residual multiplier. Models
/// that normalise the stream itself after each addition (OPT 350M) have no such parts. Source of the conventions:
/// TransformerLensOrg/TransformerLens, <c>ActivationCache.py</c>.
/// </remarks>
public sealed class ResidualReader
{
    private const long LargestStackElements = 1L << 31;

    private readonly LanguageModel _model;
    private readonly ActivationCache _cache;

    /// <summary>Takes a model and a cache of one of its runs; both stay the caller's.</summary>
    public ResidualReader(LanguageModel model, ActivationCache cache)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(cache);
        (_model, _cache) = (model, cache);
    }

    private ModelConfig Config => _model.Config;

    private bool HasPositions => Config.Positions == PositionKind.Learned;

    private bool HasFinalScale => Config.HasFinalNorm && Config.Norm != NormKind.None;

    /// <summary>What to capture so that every method here has what it reads.</summary>
    /// <param name="model">The model.</param>
    public static HookFilter Needed(LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string[] ends =
        [
            "hook_embed", "hook_pos_embed", "hook_resid_pre", "hook_resid_mid", "hook_resid_post", "hook_attn_out", "hook_mlp_out", "attn.hook_z", "mlp.hook_post",
            "ln1_post.hook_scale", "ln2_post.hook_scale", "ln_final.hook_scale",
        ];
        return HookFilter.Where(point => ends.Any(end => point.Name == end || point.Name.EndsWith($".{end}", StringComparison.Ordinal)) && !point.Name.Contains(".experts.", StringComparison.Ordinal));
    }

    /// <summary>The stream entering each block up to a layer; at the end the one entering that layer, or leaving the last.</summary>
    /// <param name="layer">The last layer whose entering stream is listed; null for the stream leaving the model.</param>
    /// <param name="includeMid">Whether the stream between attention and MLP is listed too.</param>
    /// <param name="applyNorm">Whether the final norm's frozen scale is applied; see <see cref="ApplyFinalNorm"/>.</param>
    /// <returns>[n, batch, position, d_model], labels "0_pre", "0_mid", …, "final_post"; owned by the caller.</returns>
    /// <exception cref="InterpException">There is no such layer, or a value was not captured.</exception>
    public LabelledStack AccumulatedResidual(int? layer = null, bool includeMid = false, bool applyNorm = false)
    {
        var end = End(layer);
        var rows = new List<(string, Tensor)>();
        for (var l = 0; l < Config.LayerCount && l <= end; l++)
        {
            rows.Add(($"{l}_pre", _cache["resid_pre", l]));
            if (includeMid && l < end && !Config.IsParallel && !Config.IsAttentionOnly)
            {
                rows.Add(($"{l}_mid", _cache["resid_mid", l]));
            }
        }

        if (end == Config.LayerCount)
        {
            rows.Add(("final_post", _cache["resid_post", -1]));
        }

        var stack = Stack(rows);
        if (!applyNorm)
        {
            return stack;
        }

        using (stack)
        {
            return ApplyFinalNorm(stack);
        }
    }

    /// <summary>What was added to the stream, one row a component: their sum is the stream entering a layer.</summary>
    /// <param name="layer">The layer; null for the stream leaving the model.</param>
    /// <param name="parts">Attention, MLPs, or both.</param>
    /// <param name="includeEmbeds">Whether embedding and positions are rows too.</param>
    /// <returns>[n, batch, position, d_model], labels "embed", "pos_embed", "0_attn_out", "0_mlp_out", …; owned by the caller.</returns>
    /// <exception cref="InterpException">The model has no additive parts, or a value was not captured.</exception>
    public LabelledStack DecomposeResidual(int? layer = null, StreamParts parts = StreamParts.All, bool includeEmbeds = true)
    {
        CheckAdditive();
        var rows = includeEmbeds ? Embeddings() : [];
        for (var l = 0; l < End(layer); l++)
        {
            if (parts != StreamParts.Mlp)
            {
                rows.Add(($"{l}_attn_out", _cache["attn_out", l]));
            }

            if (parts != StreamParts.Attention && !Config.IsAttentionOnly)
            {
                rows.Add(($"{l}_mlp_out", _cache["mlp_out", l]));
            }
        }

        return Stack(rows);
    }

    /// <summary>What each head added to the stream before a layer, from z and W_O; biases are left out.</summary>
    /// <param name="layer">The layer; null for all.</param>
    /// <returns>[layers · heads, batch, position, d_model], labels "L3H7"; owned by the caller.</returns>
    /// <exception cref="InterpException">The model has no additive parts, the result would be too large, or a value was not captured.</exception>
    public LabelledStack HeadResults(int? layer = null)
    {
        CheckAdditive();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (rows, labels) = (new List<Tensor>(), new List<string>());
        for (var l = 0; l < End(layer); l++)
        {
            var z = _cache["z", l];
            CheckSize((long)End(layer) * Config.HeadCount * z.shape[0] * z.shape[1] * Config.Width);
            var results = einsum("bpnh,nhd->nbpd", z, _model.Parameters[$"blocks.{l}.attn.W_O"]);
            rows.Add(Reached(results, l, "ln1_post"));
            labels.AddRange(Enumerable.Range(0, Config.HeadCount).Select(head => $"L{l}H{head}"));
        }

        return rows.Count > 0 ? new LabelledStack(cat(rows, 0).MoveToOuterDisposeScope(), labels) : throw new InterpException("no head comes before layer 0");
    }

    /// <summary>What neurons added to the stream before a layer, their activation times their row of W_out; biases are left out.</summary>
    /// <param name="layer">The layer; null for all.</param>
    /// <param name="neurons">The neurons of each layer; null for all, which is refused where it would be too large.</param>
    /// <returns>[n, batch, position, d_model], labels "L5N42"; owned by the caller.</returns>
    /// <exception cref="InterpException">The model has no neurons, the result would be too large, or a value was not captured.</exception>
    public LabelledStack NeuronResults(int? layer = null, IReadOnlyList<int>? neurons = null)
    {
        CheckAdditive();
        if (Config.IsAttentionOnly || Config.ExpertCount > 0)
        {
            throw new InterpException($"{_model.Name} has no neurons of which each adds its own part: {(Config.IsAttentionOnly ? "its blocks have no MLP" : "its MLPs are mixtures of experts")}");
        }

        var chosen = neurons ?? [.. Enumerable.Range(0, Config.MlpWidth)];
        if (chosen.FirstOrDefault(neuron => neuron < 0 || neuron >= Config.MlpWidth, -1) is >= 0 and var wrong)
        {
            throw new InterpException($"there is no neuron {wrong}: a block has {Config.MlpWidth}, 0 to {Config.MlpWidth - 1}");
        }

        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (rows, labels, index) = (new List<Tensor>(), new List<string>(), tensor(chosen.Select(n => (long)n).ToArray(), device: _model.Device));
        for (var l = 0; l < End(layer); l++)
        {
            var post = _cache["mlp_post", l].index_select(2, index);
            CheckSize((long)End(layer) * chosen.Count * post.shape[0] * post.shape[1] * Config.Width);
            var results = einsum("bpm,md->mbpd", post, _model.Parameters[$"blocks.{l}.mlp.W_out"].index_select(0, index));
            rows.Add(Reached(results, l, "ln2_post"));
            labels.AddRange(chosen.Select(neuron => $"L{l}N{neuron}"));
        }

        return rows.Count > 0 ? new LabelledStack(cat(rows, 0).MoveToOuterDisposeScope(), labels) : throw new InterpException("no neuron comes before layer 0");
    }

    /// <summary>Heads, neurons or whole MLPs, embeddings and, last, a row of all that no head or neuron added: the sum is the stream.</summary>
    /// <param name="layer">The layer; null for the stream leaving the model.</param>
    /// <param name="expandNeurons">Whether MLPs are split into neurons.</param>
    /// <returns>[n, batch, position, d_model]; the last label is "bias"; owned by the caller.</returns>
    /// <exception cref="InterpException">The model has no additive parts, the result would be too large, or a value was not captured.</exception>
    public LabelledStack FullDecomposition(int? layer = null, bool expandNeurons = false)
    {
        CheckAdditive();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var embeds = Embeddings();
        var parts = new List<LabelledStack> { Stack(embeds) };
        if (End(layer) > 0)
        {
            parts.Add(HeadResults(layer));
            if (!Config.IsAttentionOnly)
            {
                parts.Add(expandNeurons ? NeuronResults(layer) : WholeMlps(End(layer)));
            }
        }

        var bias = zeros_like(embeds[0].Item2);
        for (var l = 0; l < End(layer); l++)
        {
            bias = bias + Constant(l, "attn.b_O", "ln1_post", bias) + Constant(l, "mlp.b_out", "ln2_post", bias);
        }

        return new LabelledStack(
            cat([.. parts.Select(part => part.Values), bias.unsqueeze(0)], 0).MoveToOuterDisposeScope(),
            [.. parts.SelectMany(part => part.Labels), "bias"]);
    }

    /// <summary>Centres each part where the final norm does, and divides by the scale that the final norm had in this run, so that sums stay sums. Its weight is not applied.</summary>
    /// <returns>The same rows, owned by the caller.</returns>
    /// <exception cref="InterpException"><c>ln_final.hook_scale</c> was not captured.</exception>
    public LabelledStack ApplyFinalNorm(LabelledStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        using var scope = NewDisposeScope();
        var values = HasFinalScale && Config.Norm == NormKind.LayerNorm ? stack.Values - stack.Values.mean([-1], keepdim: true) : stack.Values;
        values = HasFinalScale ? values / _cache["ln_final.hook_scale"] : values.alias();
        return stack with { Values = values.MoveToOuterDisposeScope() };
    }

    /// <summary>What each part adds to a token's logit (or to the difference of two), before division and soft cap; the norm's bias and the unembedding's are left out.</summary>
    /// <param name="stack">Parts of the stream, before the final norm.</param>
    /// <param name="token">The token.</param>
    /// <param name="against">The token whose logit is subtracted, or null.</param>
    /// <returns>[n, batch, position], owned by the caller.</returns>
    /// <exception cref="InterpException">A token is outside the vocabulary, or the final scale was not captured.</exception>
    public Tensor LogitAttribution(LabelledStack stack, int token, int? against = null)
    {
        using var scope = NewDisposeScope();
        using var normed = ApplyFinalNorm(stack);
        var direction = _model.ResidualDirection(token);
        direction = against is { } other ? direction - _model.ResidualDirection(other) : direction;
        return normed.Values.matmul(direction).MoveToOuterDisposeScope();
    }

    private int End(int? layer)
    {
        var end = layer is null ? Config.LayerCount : layer < 0 ? layer.Value + Config.LayerCount : layer.Value;
        return end >= 0 && end <= Config.LayerCount ? end : throw new InterpException($"there is no layer {layer}: {_model.Name} has {Config.LayerCount}");
    }

    private void CheckAdditive()
    {
        if (Config.NormPlacement == NormPlacement.AfterResidual)
        {
            throw new InterpException($"{_model.Name} normalises the stream itself after each addition: its parts do not add up to the stream");
        }
    }

    private static void CheckSize(long elements)
    {
        if (elements > LargestStackElements)
        {
            throw new InterpException($"the stack would have {elements:N0} numbers: choose fewer layers, neurons or positions");
        }
    }

    private List<(string, Tensor)> Embeddings() => HasPositions ? [("embed", _cache["hook_embed"]), ("pos_embed", _cache["hook_pos_embed"])] : [("embed", _cache["hook_embed"])];

    private static LabelledStack Stack(List<(string Label, Tensor Value)> rows) => rows.Count > 0
        ? new LabelledStack(stack([.. rows.Select(row => row.Value)], 0), [.. rows.Select(row => row.Label)])
        : throw new InterpException("there is no such part");

    /// <summary>Each MLP as one part, without its bias.</summary>
    private LabelledStack WholeMlps(int end)
    {
        using var scope = NewDisposeScope();
        var rows = Enumerable.Range(0, end).Select(l =>
        {
            var output = _cache["mlp_out", l];
            return ($"{l}_mlp_out", output - Constant(l, "mlp.b_out", "ln2_post", output));
        }).ToList();
        var stacked = Stack(rows);
        return stacked with { Values = stacked.Values.MoveToOuterDisposeScope() };
    }

    /// <summary>What a bias becomes on its way to the stream, [batch, position, d_model]; zero where there is none.</summary>
    private Tensor Constant(int layer, string name, string postNorm, Tensor like) => _model.Parameters.TryGetValue($"blocks.{layer}.{name}", out var bias)
        ? Reached(bias.expand_as(like), layer, postNorm)
        : zeros_like(like);

    /// <summary>A part of an output as it reaches the stream: under a post norm's frozen scale and weight, and the residual multiplier.</summary>
    private Tensor Reached(Tensor part, int layer, string postNorm)
    {
        if (_model.Parameters.TryGetValue($"blocks.{layer}.{postNorm}.w", out var weight))
        {
            part = Config.Norm == NormKind.LayerNorm ? part - part.mean([-1], keepdim: true) : part;
            part = part / _cache[$"blocks.{layer}.{postNorm}.hook_scale"] * weight;
        }

        return Config.ResidualScale == 1 ? part : part * Config.ResidualScale;
    }
}
