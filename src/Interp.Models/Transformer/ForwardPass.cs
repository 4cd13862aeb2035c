using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>The whole model, top to bottom, for one run.</summary>
internal sealed class ForwardPass(ModelConfig config, TransformerParameters parameters, RotaryTables rotary, HookPlan plan, RunSpan span, bool recordsGradients)
{
    /// <summary>Embeds, unless a stream is given, and runs blocks; each block's temporaries end with it.</summary>
    /// <param name="ids">[b, p] int64 on the model's device.</param>
    /// <param name="given">The stream that enters the first block, [b, p, D], or null.</param>
    /// <param name="start">The first block that is run.</param>
    /// <param name="stop">One past the last.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <returns>The residual stream, [b, p, D], in the present dispose scope.</returns>
    public Tensor Residual(Tensor ids, Tensor? given, int start, int stop, CancellationToken cancellation)
    {
        var (masks, rotations) = (Masks(start, stop), rotary.For((int)span.Total));
        Tensor? positions = null;
        var stream = given is null ? Embed(plan.Fire(HookSite.Tokens, ids), out positions) : Begin(given, ids.shape[0], out positions);
        for (var layer = start; layer < stop; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = Block(stream, positions, masks[config.WindowOf(layer) ?? 0], rotations[layer], layer);
            if (!recordsGradients && !ReferenceEquals(next, stream))
            {
                stream.Dispose();
            }

            stream = next;
        }

        return stream;
    }

    /// <summary>Final norm and unembedding.</summary>
    /// <param name="stream">[b, p, D].</param>
    /// <returns>[b, p, d_vocab_out], in the present dispose scope.</returns>
    public Tensor Unembed(Tensor stream)
    {
        using var scope = NewDisposeScope();
        var read = !config.HasFinalNorm ? stream : Norm.Apply(stream, config, parameters.FinalNorm, plan, HookSite.LnFinalScale);
        read = plan.Fire(HookSite.UnembedIn, read);
        read = parameters.UnembeddingProjection is { } projection ? read.matmul(projection) : read;
        var logits = read.matmul(parameters.Unembedding);
        logits = parameters.UnembeddingBias is { } bias ? logits + bias : logits;
        return plan.Fire(HookSite.UnembedOut, logits).alias().MoveToOuterDisposeScope();
    }

    /// <summary>What is done to logits after the unembedding: division and soft cap, where the architecture has them.</summary>
    /// <param name="logits">[b, p, d_vocab_out].</param>
    /// <returns>[b, p, d_vocab_out], in the present dispose scope.</returns>
    public Tensor Finish(Tensor logits)
    {
        if (!config.AreLogitsTransformed)
        {
            return logits;
        }

        logits = config.LogitDivisor == 1 ? logits : logits / config.LogitDivisor;
        logits = config.LogitSoftcap is { } cap ? (logits / cap).tanh() * cap : logits;
        return plan.Fire(HookSite.Logits, logits);
    }

    private Tensor Embed(Tensor ids, out Tensor? shortformerPositions)
    {
        using var scope = NewDisposeScope();
        var (batch, length) = (ids.shape[0], ids.shape[1]);
        var stream = parameters.Embedding.index_select(0, ids.flatten()).view(batch, length, -1);
        stream = parameters.EmbeddingProjection is { } projection ? stream.matmul(projection) : stream;

        // The scale is rounded to the model's type, as the reference implementations do.
        stream = config.EmbeddingScale == 1 ? stream : stream * tensor(config.EmbeddingScale).to(stream.dtype, stream.device);
        stream = parameters.EmbeddingNorm.Weight is null ? stream : Norm.Apply(stream, config, parameters.EmbeddingNorm);
        if (recordsGradients)
        {
            stream.requires_grad_(true);
        }

        stream = plan.Fire(HookSite.Embed, stream);
        shortformerPositions = null;
        if (parameters.Positions is { } table)
        {
            var positions = plan.Fire(HookSite.PosEmbed, span.Rows(table).expand(batch, length, config.Width));
            if (config.Positions == PositionKind.Shortformer)
            {
                shortformerPositions = positions.MoveToOuterDisposeScope();
            }
            else
            {
                stream = stream + positions;
            }
        }

        // A handle of our own: a captured value's handle belongs to the cache.
        return stream.alias().MoveToOuterDisposeScope();
    }

    /// <summary>A handle of our own to a stream that blocks before would have made.</summary>
    private Tensor Begin(Tensor given, long batch, out Tensor? shortformerPositions)
    {
        shortformerPositions = config.Positions == PositionKind.Shortformer ? span.Rows(parameters.Positions!).expand(batch, span.Length, config.Width) : null;
        return recordsGradients ? given.detach().requires_grad_(true) : given.alias();
    }

    private Tensor Block(Tensor stream, Tensor? positions, AttentionMask mask, Rotary? rotation, int layer)
    {
        using var scope = NewDisposeScope();
        var weights = parameters.Blocks[layer];
        stream = plan.Fire(HookSite.ResidPre, stream, layer);
        var attention = new AttentionLayer(config, weights, rotation, mask, span, layer).Apply(stream, positions, plan);
        Tensor after;
        if (config.IsAttentionOnly)
        {
            after = stream + attention;
        }
        else if (config.IsParallel)
        {
            after = stream + attention + new MlpLayer(config, weights, layer).Apply(stream, plan);
        }
        else
        {
            var mid = plan.Fire(HookSite.ResidMid, Settle(stream + attention, weights.AttentionNorm, HookSite.Ln1Scale, layer), layer);
            after = Settle(mid + new MlpLayer(config, weights, layer).Apply(mid, plan), weights.MlpNorm, HookSite.Ln2Scale, layer);
        }

        after = plan.Fire(HookSite.ResidPost, after, layer);
        return after.alias().MoveToOuterDisposeScope();
    }

    /// <summary>Normalises the stream itself, where the architecture does.</summary>
    private Tensor Settle(Tensor stream, NormParameters norm, HookSite scaleSite, int layer) =>
        config.NormPlacement != NormPlacement.AfterResidual ? stream : Norm.Apply(stream, config, norm, plan, scaleSite, layer);

    /// <summary>One mask a window; 0 stands for none.</summary>
    private Dictionary<int, AttentionMask> Masks(int start, int stop)
    {
        var layers = Enumerable.Range(start, stop - start).ToList();
        var formsScores = layers.Exists(layer => AttentionLayer.FormsScores(config, plan, layer));
        return layers.Select(config.WindowOf).Distinct().ToDictionary(
            window => window ?? 0,
            window => AttentionMask.Of(config, window, span, formsScores, parameters.Embedding.dtype, parameters.Embedding.device));
    }
}
