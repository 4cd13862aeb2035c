using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>All weights as the forward pass uses them.</summary>
internal sealed record TransformerParameters
{
    /// <summary>[d_vocab, d_model].</summary>
    public required Tensor Embedding { get; init; }

    /// <summary>[d_embed, d_model] where the embedding is narrower than the stream (OPT 350M), or null.</summary>
    public Tensor? EmbeddingProjection { get; init; }

    /// <summary>Of the embedding, before the first block (BLOOM).</summary>
    public NormParameters EmbeddingNorm { get; init; } = NormParameters.None;

    /// <summary>[n_ctx, d_model], or null.</summary>
    public Tensor? Positions { get; init; }

    /// <summary>The blocks.</summary>
    public required IReadOnlyList<BlockParameters> Blocks { get; init; }

    /// <summary>Before the unembedding.</summary>
    public NormParameters FinalNorm { get; init; } = NormParameters.None;

    /// <summary>[d_model, d_embed] where the unembedding is narrower than the stream (OPT 350M), or null.</summary>
    public Tensor? UnembeddingProjection { get; init; }

    /// <summary>[d_model, d_vocab_out].</summary>
    public required Tensor Unembedding { get; init; }

    /// <summary>[d_vocab_out], or null.</summary>
    public Tensor? UnembeddingBias { get; init; }

    /// <summary>Every tensor once, to be freed.</summary>
    public IEnumerable<Tensor> All() =>
        new[]
        {
            Embedding, EmbeddingProjection, EmbeddingNorm.Weight, EmbeddingNorm.Bias, Positions, Unembedding, UnembeddingBias,
            UnembeddingProjection, FinalNorm.Weight, FinalNorm.Bias,
        }.OfType<Tensor>()
            .Concat(Blocks.SelectMany(block => block.All()));
}
