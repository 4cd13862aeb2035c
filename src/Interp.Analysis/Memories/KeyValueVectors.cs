using Interp.Models;
using Interp.Models.Hooks;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Memories;

/// <summary>
/// The vectors that a model's operators take and give: keys are what a layer's attention reads of a token that stands alone, through its
/// norm; values are the unembedding's columns with the final norm's weights folded in.
/// </summary>
internal sealed class KeyValueVectors : IDisposable
{
    private const int KeysAtOnce = 512;

    private readonly LanguageModel _model;
    private readonly bool _fromEmbedding;
    private readonly Tensor _embedding;
    private readonly Tensor _afterFirst;

    public KeyValueVectors(LanguageModel model, int[] keys, bool fromEmbedding)
    {
        _model = model;
        _fromEmbedding = fromEmbedding;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _embedding = Stream(keys, 0).DetachFromDisposeScope();
        _afterFirst = (model.Config.LayerCount > 1 ? Stream(keys, 1) : _embedding.alias()).DetachFromDisposeScope();
        var unembedding = model.Parameters["unembed.W_U"].t().to(ScalarType.Float32);
        Values = (model.Parameters.TryGetValue("ln_final.w", out var weight) ? unembedding * weight.to(ScalarType.Float32) : unembedding).contiguous().DetachFromDisposeScope();
        Ids = keys;
    }

    /// <summary>The keys' token ids.</summary>
    public int[] Ids { get; }

    /// <summary>U <c>[M, d]</c>, float32.</summary>
    public Tensor Values { get; }

    /// <summary>E <c>[N, d]</c> as a layer's attention reads them, float32, in the present dispose scope.</summary>
    public Tensor Keys(int layer) => Norm(layer == 0 || _fromEmbedding ? _embedding : _afterFirst, $"blocks.{layer}.ln1");

    /// <summary>What a layer's MLP writes for each key standing alone, <c>[N, d]</c> float32, in the present dispose scope.</summary>
    public Tensor MlpOutputs(int layer)
    {
        var name = $"blocks.{layer}.hook_mlp_out";
        var parts = new List<Tensor>();
        foreach (var some in Ids.Chunk(KeysAtOnce))
        {
            using var result = _model.Run(Column(some), new RunOptions { Capture = HookFilter.Names(name), ReturnLogits = LogitPositions.None });
            parts.Add(result.Cache[name].squeeze(1).to(ScalarType.Float32).alias());
        }

        return cat(parts, 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _embedding.Dispose();
        _afterFirst.Dispose();
        Values.Dispose();
    }

    private static Tensor Column(int[] ids) => tensor(Array.ConvertAll(ids, id => (long)id), ids.Length, 1);

    private Tensor Stream(int[] keys, int layer)
    {
        var parts = new List<Tensor>();
        foreach (var some in keys.Chunk(KeysAtOnce))
        {
            using var result = _model.Run(Column(some), new RunOptions { StopAtLayer = layer });
            parts.Add(result.Residual!.squeeze(1).to(ScalarType.Float32).alias());
        }

        return cat(parts, 0);
    }

    private Tensor Norm(Tensor rows, string prefix)
    {
        var config = _model.Config;
        if (config.Norm == NormKind.None || config.NormPlacement is NormPlacement.After or NormPlacement.AfterResidual)
        {
            return rows.alias();
        }

        var centred = config.Norm == NormKind.LayerNorm ? rows - rows.mean([1L], keepdim: true) : rows;
        var scaled = centred / (centred.square().mean([1L], keepdim: true) + config.NormEpsilon).sqrt();
        scaled = _model.Parameters.TryGetValue(prefix + ".w", out var weight) ? scaled * weight.to(ScalarType.Float32) : scaled;
        return _model.Parameters.TryGetValue(prefix + ".b", out var bias) ? scaled + bias.to(ScalarType.Float32) : scaled;
    }
}
