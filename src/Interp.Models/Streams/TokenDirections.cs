using Interp.Compute;
using static TorchSharp.torch;

namespace Interp.Models.Streams;

/// <summary>Directions of the residual stream that mean tokens.</summary>
public static class TokenDirections
{
    /// <summary>The direction whose product with the normalised stream is a token's logit: its column of the unembedding times the final norm's weight.</summary>
    /// <param name="model">The model.</param>
    /// <param name="token">The token.</param>
    /// <returns>[d_model], owned by the caller; before any division of logits.</returns>
    /// <exception cref="InterpException">The token is outside the vocabulary, or the unembedding goes through a projection.</exception>
    public static Tensor ResidualDirection(this LanguageModel model, int token)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        var column = UnembeddingColumn(model, token);
        return (model.Parameters.TryGetValue("ln_final.w", out var weight) ? column * weight : column.alias()).MoveToOuterDisposeScope();
    }

    /// <summary>A token's column of the unembedding, without the final norm's weight.</summary>
    /// <param name="model">The model.</param>
    /// <param name="token">The token.</param>
    /// <returns>[d_model], a view owned by the caller.</returns>
    /// <exception cref="InterpException">The token is outside the vocabulary, or the unembedding goes through a projection.</exception>
    public static Tensor UnembeddingColumn(this LanguageModel model, int token)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Parameters.ContainsKey("unembed.W_proj"))
        {
            throw new InterpException($"attribution does not support {model.Name}: its unembedding goes through a projection");
        }

        return token >= 0 && token < model.Config.OutputVocabularySize
            ? model.Parameters["unembed.W_U"].select(1, token)
            : throw new InterpException($"token {token} is outside the output vocabulary: ids are 0 to {model.Config.OutputVocabularySize - 1}");
    }
}
