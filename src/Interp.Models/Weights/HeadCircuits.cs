using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Weights;

/// <summary>The circuits of attention heads as factored matrices (Elhage et al. 2021), and how strongly heads compose.</summary>
public static class HeadCircuits
{
    /// <summary>One matrix of every layer, stacked: [layers, …].</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">The name inside a block ("attn.W_Q", "mlp.W_out", "attn.b_O").</param>
    /// <returns>A copy, owned by the caller.</returns>
    /// <exception cref="InterpException">A block has none such.</exception>
    public static Tensor Stacked(this LanguageModel model, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        return stack([.. Enumerable.Range(0, model.Config.LayerCount).Select(layer => model.Parameters.TryGetValue($"blocks.{layer}.{name}", out var found)
            ? found
            : throw new InterpException($"block {layer} has no {name}: near names are {Checkpoints.NearNames.List($"blocks.{layer}.{name}", model.Parameters.Keys)}"))], 0);
    }

    /// <summary>W_Q·W_Kᵀ of a head, [d_model, d_model] of rank d_head: x·QK·yᵀ is the score of query x for key y, before the scale.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="head">The query head.</param>
    /// <param name="offset">How many positions back the key is, under rotary embedding; 0 is the position-free product.</param>
    /// <returns>The product, owned by the caller. Biases, norm weights and query-key norms are left out.</returns>
    /// <exception cref="InterpException">There is no such layer or head.</exception>
    public static FactoredMatrix QueryKey(this LanguageModel model, int layer, int head, int offset = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        Check(model.Config, layer, head);
        using var scope = NewDisposeScope();
        var query = model.Parameters[$"blocks.{layer}.attn.W_Q"].select(0, head);
        var key = model.Parameters[$"blocks.{layer}.attn.W_K"].select(0, KeyHead(model.Config, head));
        query = model.Config.RotaryOf(layer) is { } rotary ? Turned(query, rotary, offset) : query.clone();
        return new FactoredMatrix(query.MoveToOuterDisposeScope(), key.t().clone().MoveToOuterDisposeScope());
    }

    /// <summary>W_V·W_O of a head, [d_model, d_model] of rank d_head: what a seen position x adds, x·OV.</summary>
    /// <returns>The product, owned by the caller.</returns>
    /// <exception cref="InterpException">There is no such layer or head.</exception>
    public static FactoredMatrix OutputValue(this LanguageModel model, int layer, int head)
    {
        ArgumentNullException.ThrowIfNull(model);
        Check(model.Config, layer, head);
        return new FactoredMatrix(
            model.Parameters[$"blocks.{layer}.attn.W_V"].select(0, KeyHead(model.Config, head)).clone(),
            model.Parameters[$"blocks.{layer}.attn.W_O"].select(0, head).clone());
    }

    /// <summary>‖OV·X‖ / (‖OV‖·‖X‖) for every earlier head's OV and every later head's X: its QK for Q, QKᵀ for K, OV for V.</summary>
    /// <param name="model">The model.</param>
    /// <param name="kind">What the later head reads the earlier one's output with.</param>
    /// <returns>[layer, head, later layer, later head]; zero where the second head is not in a later layer.</returns>
    public static double[,,,] CompositionScores(this LanguageModel model, Composition kind)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (layers, heads) = (model.Config.LayerCount, model.Config.HeadCount);
        using var scope = NewDisposeScope();
        var outputs = new FactoredMatrix[layers, heads];
        var inputs = new FactoredMatrix[layers, heads];
        for (var layer = 0; layer < layers; layer++)
        {
            for (var head = 0; head < heads; head++)
            {
                outputs[layer, head] = model.OutputValue(layer, head);
                inputs[layer, head] = Reading(model, kind, layer, head);
            }
        }

        var scores = new double[layers, heads, layers, heads];
        for (var a = 0; a < layers; a++)
        {
            for (var i = 0; i < heads; i++)
            {
                for (var b = a + 1; b < layers; b++)
                {
                    for (var j = 0; j < heads; j++)
                    {
                        scores[a, i, b, j] = Score(outputs[a, i], inputs[b, j]);
                    }
                }
            }
        }

        foreach (var matrix in outputs.Cast<FactoredMatrix>().Concat(inputs.Cast<FactoredMatrix>()))
        {
            matrix.Dispose();
        }

        return scores;
    }

    /// <summary>The mean score of pairs of random matrices of a head's size: what two heads that know nothing of each other get.</summary>
    /// <param name="model">The model, for the sizes.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="pairs">How many pairs.</param>
    public static double RandomComposition(this LanguageModel model, long seed = 0, int pairs = 16)
    {
        ArgumentNullException.ThrowIfNull(model);
        var random = SplitMix64.ForStream(seed, "random composition");
        var (d, h) = (model.Config.Width, model.Config.HeadWidth);
        using var scope = NewDisposeScope();
        Tensor Normal(int rows, int columns) => tensor(Enumerable.Range(0, rows * columns).Select(_ => random.NextNormal()).ToArray(), rows, columns);
        return Enumerable.Range(0, pairs).Average(_ =>
        {
            using var first = new FactoredMatrix(Normal(d, h), Normal(h, d));
            using var second = new FactoredMatrix(Normal(d, h), Normal(h, d));
            return Score(first, second);
        });
    }

    /// <summary>Σ of the biases that attention and MLPs add to the stream before a layer, [d_model]; owned by the caller.</summary>
    /// <exception cref="InterpException">Norms stand between the biases and the stream.</exception>
    public static Tensor AccumulatedBias(this LanguageModel model, int layer)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Config.NormPlacement != NormPlacement.Before)
        {
            throw new InterpException($"{model.Name} normalises what its blocks add: its biases add no constant to the stream");
        }

        using var scope = NewDisposeScope();
        var sum = zeros(model.Config.Width, dtype: model.Dtype, device: model.Device);
        for (var l = 0; l < layer; l++)
        {
            foreach (var name in new[] { "attn.b_O", "mlp.b_out" })
            {
                sum = model.Parameters.TryGetValue($"blocks.{l}.{name}", out var bias) ? sum + (bias * model.Config.ResidualScale) : sum;
            }
        }

        return sum.MoveToOuterDisposeScope();
    }

    private static double Score(FactoredMatrix first, FactoredMatrix second)
    {
        using var product = first.Times(second);
        return product.Norm() / (first.Norm() * second.Norm());
    }

    private static FactoredMatrix Reading(LanguageModel model, Composition kind, int layer, int head)
    {
        if (kind == Composition.Value)
        {
            return model.OutputValue(layer, head);
        }

        var scores = model.QueryKey(layer, head);
        if (kind == Composition.Query)
        {
            return scores;
        }

        using (scores)
        {
            return scores.Transposed();
        }
    }

    // (R_m q)·(R_n k) = (R_{m−n} q)·k: turning the queries by the offset is enough.
    private static Tensor Turned(Tensor query, RotarySettings settings, int offset)
    {
        if (offset == 0)
        {
            return query.clone();
        }

        using var table = new Rotary(settings, Math.Abs(offset) + 1, query.dtype, query.device);
        var padded = query.new_zeros(query.shape[0], Math.Abs(offset) + 1, 1, query.shape[1]);
        padded.select(1, Math.Abs(offset)).select(1, 0).copy_(query);
        return offset > 0 ? table.Rotate(padded, RunSpan.First(padded.shape[1])).select(1, offset).select(1, 0) : throw new InterpException("a key is never ahead of its query: give an offset of 0 or more");
    }

    private static int KeyHead(ModelConfig config, int head) => head / (config.HeadCount / config.KeyValueHeadCount);

    private static void Check(ModelConfig config, int layer, int head)
    {
        if (layer < 0 || layer >= config.LayerCount || head < 0 || head >= config.HeadCount)
        {
            throw new InterpException($"there is no head {head} in layer {layer}: the model has {config.LayerCount} layers of {config.HeadCount} heads");
        }
    }
}
