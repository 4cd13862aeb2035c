using Interp.Compute.Kernels.MaskedSoftmaxes;
using Interp.Models.Adapters;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>The attention of one block: from the residual stream to what is added to it.</summary>
internal sealed class AttentionLayer(ModelConfig config, BlockParameters weights, Rotary? rotary, AttentionMask mask, RunSpan span, int layer)
{
    private readonly int _queryColumns = config.HeadCount * config.HeadWidth;
    private readonly int _keyColumns = config.KeyValueHeadCount * config.HeadWidth;
    private readonly double _scale = config.AttentionScaleOf(layer);

    /// <summary>Runs the layer.</summary>
    /// <param name="stream">[b, p, D].</param>
    /// <param name="positions">Position vectors for queries and keys (shortformer), [b, p, D], or null.</param>
    /// <param name="plan">The run's hooks.</param>
    /// <returns>[b, p, D], in the present dispose scope.</returns>
    public Tensor Apply(Tensor stream, Tensor? positions, HookPlan plan)
    {
        var (query, key, value) = IsSplit(plan) ? ProjectSplit(stream, positions, plan) : Project(stream, positions, plan);
        query = plan.Fire(HookSite.Q, query, layer);
        key = plan.Fire(HookSite.K, key, layer);
        value = plan.Fire(HookSite.V, value, layer);
        if (rotary is not null || config.QueryKeyNorm != QueryKeyNorm.None)
        {
            query = plan.Fire(HookSite.RotQ, Turn(query, weights.QueryNorm), layer);
            key = plan.Fire(HookSite.RotK, Turn(key, weights.KeyNorm), layer);
        }

        (key, value) = span.Cache?.Append(layer, key, value) ?? (key, value);

        // Scores and patterns are only formed where someone looks at them, or where a cap or padding needs it.
        var isEager = FormsScores(config, plan, layer) || mask.HasPadding;
        var mixed = isEager ? Eager(query, key, value, plan) : Fused(query, key, value);
        mixed = plan.Fire(HookSite.Z, mixed, layer);
        var output = Output(mixed, plan);
        if (config.NormPlacement is NormPlacement.After or NormPlacement.BeforeAndAfter)
        {
            output = Norm.Apply(output, config, weights.AttentionPostNorm, plan, HookSite.Ln1PostScale, layer);
        }

        output = config.ResidualScale == 1 ? output : output * config.ResidualScale;
        return plan.Fire(HookSite.AttnOut, output, layer);
    }

    /// <summary>Query or key normalisation, then rotation; what really multiplies.</summary>
    private Tensor Turn(Tensor value, NormParameters norm)
    {
        var normed = config.QueryKeyNorm switch
        {
            QueryKeyNorm.Head => Norm.Apply(value, config, norm),
            QueryKeyNorm.Whole => Norm.Apply(value.flatten(2), config, norm).view(value.shape),
            _ => value,
        };
        return rotary is null ? normed.alias() : rotary.Rotate(normed, span);
    }

    /// <summary>Whether a layer's scores are asked for or capped.</summary>
    public static bool FormsScores(ModelConfig config, HookPlan plan, int layer) =>
        config.AttentionSoftcap is not null || plan.Wants(HookSite.AttnScores, layer) || plan.Wants(HookSite.Pattern, layer);

    private bool IsSplit(HookPlan plan) =>
        plan.Wants(HookSite.AttnIn, layer) || plan.Wants(HookSite.QInput, layer) || plan.Wants(HookSite.KInput, layer) || plan.Wants(HookSite.VInput, layer);

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor stream, Tensor? positions, HookPlan plan)
    {
        var read = Normalize(stream, plan);
        var all = positions is null ? Dense.Apply(read, weights.QueryKeyValue, weights.QueryKeyValueBias) : WithPositions(read, positions);
        all = plan.Adapt(LivePlace.QueryKeyValue, layer, read, all);
        return (Heads(all, 0, config.HeadCount), Heads(all, _queryColumns, config.KeyValueHeadCount), Heads(all, _queryColumns + _keyColumns, config.KeyValueHeadCount));
    }

    /// <summary>Queries and keys read the stream plus positions, values the stream alone.</summary>
    private Tensor WithPositions(Tensor read, Tensor positions)
    {
        var both = _queryColumns + _keyColumns;
        return cat([Dense.Apply(read + positions, Columns(0, both), BiasOf(0, both)), Dense.Apply(read, Columns(both, _keyColumns), BiasOf(both, _keyColumns))], 2);
    }

    /// <summary>Every head reads a copy of the stream of its own, so that one head's input can be edited.</summary>
    private (Tensor Query, Tensor Key, Tensor Value) ProjectSplit(Tensor stream, Tensor? positions, HookPlan plan)
    {
        if (plan.Calls(HookSite.Ln1Scale, layer) || plan.Calls(HookSite.Ln1Normalized, layer))
        {
            throw new HookShapeException(
                $"blocks.{layer}.ln1 cannot be hooked together with blocks.{layer}.hook_attn_in or its q, k, v inputs: with them each head has a norm of its own; use two runs");
        }

        Refuse(plan, LivePlace.QueryKeyValue, "hook_attn_in or its q, k, v inputs");

        // The norm's points report the stream that the copies were made of.
        Normalize(stream, plan);
        var (b, p) = (stream.shape[0], stream.shape[1]);
        var shared = stream.unsqueeze(2).expand(b, p, config.HeadCount, config.Width);
        shared = plan.Fire(HookSite.AttnIn, shared, layer);

        // A grouped key/value head belongs to no one query head, so its input is a copy of the stream itself.
        var keyed = config.HeadCount == config.KeyValueHeadCount ? shared : stream.unsqueeze(2).expand(b, p, config.KeyValueHeadCount, config.Width);
        var query = SplitHeads(plan.Fire(HookSite.QInput, shared, layer), positions, 0, config.HeadCount);
        var key = SplitHeads(plan.Fire(HookSite.KInput, keyed, layer), positions, _queryColumns, config.KeyValueHeadCount);
        var value = SplitHeads(plan.Fire(HookSite.VInput, keyed, layer), null, _queryColumns + _keyColumns, config.KeyValueHeadCount);
        return (query, key, value);
    }

    private void Refuse(HookPlan plan, LivePlace place, string point)
    {
        if (plan.IsAdapted(place, layer))
        {
            throw new HookShapeException($"blocks.{layer}.{point} cannot be hooked while a live adapter acts there: merge the adapter, or switch it off for this run");
        }
    }

    private Tensor SplitHeads(Tensor input, Tensor? positions, int start, int heads)
    {
        var read = HasNormBefore ? Norm.Apply(input, config, weights.AttentionNorm) : input;
        read = positions is null ? read : read + positions.unsqueeze(2);
        var matrix = Columns(start, heads * config.HeadWidth).view(config.Width, heads, config.HeadWidth);
        var projected = einsum("bpnd,dnh->bpnh", read, matrix);
        return BiasOf(start, heads * config.HeadWidth) is { } bias ? projected + bias.view(heads, config.HeadWidth) : projected;
    }

    private bool HasNormBefore => config.NormPlacement is NormPlacement.Before or NormPlacement.BeforeAndAfter;

    private Tensor Normalize(Tensor stream, HookPlan plan) => !HasNormBefore ? stream : Norm.Apply(stream, config, weights.AttentionNorm, plan, HookSite.Ln1Scale, layer);

    private Tensor Heads(Tensor all, int start, int heads) =>
        all.narrow(2, start, heads * config.HeadWidth).unflatten(2, heads, config.HeadWidth); // [b, p, heads, h]

    private Tensor Columns(int start, int count) => weights.QueryKeyValue.narrow(1, start, count);

    private Tensor? BiasOf(int start, int count) => weights.QueryKeyValueBias?.narrow(0, start, count);

    private Tensor Fused(Tensor query, Tensor key, Tensor value)
    {
        // The kernel multiplies by 1/√h; another scale goes into the queries.
        var relative = _scale * Math.Sqrt(config.HeadWidth);
        var scaled = Math.Abs(relative - 1) < 1e-12 ? query : query * relative;
        if (query.shape[1] == 1 && config.HeadCount != config.KeyValueHeadCount && mask.Term is null)
        {
            return OneQuery(scaled, key, value);
        }

        var mixed = nn.functional.scaled_dot_product_attention(
            scaled.transpose(1, 2), PerQueryHead(key), PerQueryHead(value), attn_mask: mask.IsPlainlyCausal ? null : mask.Term?.to(query.dtype), is_casual: mask.IsPlainlyCausal);
        return mixed.transpose(1, 2);
    }

    /// <summary>A single query that sees everything: the heads of a group are so many queries to its keys, which need no copy.</summary>
    private Tensor OneQuery(Tensor query, Tensor key, Tensor value)
    {
        var (b, groups) = (query.shape[0], config.HeadCount / config.KeyValueHeadCount);
        return nn.functional.scaled_dot_product_attention(
            query.reshape(b, config.KeyValueHeadCount, groups, config.HeadWidth), key.transpose(1, 2), value.transpose(1, 2)).reshape(query.shape);
    }

    private Tensor Eager(Tensor query, Tensor key, Tensor value, HookPlan plan)
    {
        var products = query.transpose(1, 2).matmul(PerQueryHead(key).transpose(2, 3)); // [b, H, q, k]
        var scale = _scale;
        if (config.AttentionSoftcap is { } cap)
        {
            products = (products * (scale / cap)).tanh() * cap;
            scale = 1;
        }

        var pattern = Pattern(products, scale, plan);
        return pattern.matmul(PerQueryHead(value)).transpose(1, 2);
    }

    private Tensor Pattern(Tensor products, double scale, HookPlan plan)
    {
        if (!plan.Wants(HookSite.AttnScores, layer))
        {
            return plan.Fire(HookSite.Pattern, MaskedSoftmax.ApplyInPlace(products, scale, mask.Term), layer);
        }

        var (scores, pattern) = MaskedSoftmax.Apply(products, scale, mask.Term);
        var left = plan.Fire(HookSite.AttnScores, scores, layer);
        if (!ReferenceEquals(left, scores))
        {
            (_, pattern) = MaskedSoftmax.Apply(left.clone(), 1, null);
        }

        return plan.Fire(HookSite.Pattern, pattern, layer);
    }

    /// <summary>[b, p, K, h] to [b, H, p, h]: key head j serves the query heads j·g … (j + 1)·g − 1.</summary>
    private Tensor PerQueryHead(Tensor value)
    {
        var heads = value.transpose(1, 2);
        var groups = config.HeadCount / config.KeyValueHeadCount;
        if (groups == 1)
        {
            return heads;
        }

        var (b, k, p, h) = (heads.shape[0], heads.shape[1], heads.shape[2], heads.shape[3]);
        return heads.unsqueeze(2).expand(b, k, groups, p, h).reshape(b, k * groups, p, h);
    }

    private Tensor Output(Tensor mixed, HookPlan plan)
    {
        if (!plan.Wants(HookSite.Result, layer))
        {
            var heads = mixed.flatten(2);
            return plan.Adapt(LivePlace.Output, layer, heads, Dense.Apply(heads, weights.Output, weights.OutputBias));
        }

        Refuse(plan, LivePlace.Output, "attn.hook_result");

        var result = einsum("bpnh,nhd->bpnd", mixed, weights.Output.view(config.HeadCount, config.HeadWidth, config.Width));
        var sum = plan.Fire(HookSite.Result, result, layer).sum(2);
        return weights.OutputBias is { } bias ? sum + bias : sum;
    }
}
