using Interp.Compute;
using Interp.Models;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Lenses;

/// <summary>A logit, or the difference of two, at one position: what attribution and patching measure.</summary>
/// <param name="Answer">The token whose logit counts.</param>
/// <param name="Wrong">The token whose logit is subtracted, or null.</param>
public sealed record AnswerDirection(int Answer, int? Wrong = null)
{
    /// <summary>The metric at the last position, a number a row.</summary>
    /// <param name="logits">[batch, position, vocabulary].</param>
    /// <returns>[batch], in the present dispose scope.</returns>
    internal Tensor Metric(Tensor logits)
    {
        var last = logits.select(1, logits.shape[1] - 1);
        return Wrong is { } wrong ? last.select(1, Answer) - last.select(1, wrong) : last.select(1, Answer);
    }

    /// <summary>The direction in the stream after the final norm's division: its weight times the difference of unembedding columns.</summary>
    /// <returns>[d_model], in the present dispose scope.</returns>
    internal Tensor InStream(LanguageModel model)
    {
        if (model.Parameters.ContainsKey("unembed.W_proj"))
        {
            throw new InterpException($"attribution does not support {model.Name}: its unembedding goes through a projection");
        }

        var unembedding = model.Parameters["unembed.W_U"];
        var direction = Wrong is { } wrong ? unembedding.select(1, Answer) - unembedding.select(1, wrong) : unembedding.select(1, Answer);
        direction = direction / model.Config.LogitDivisor;
        return model.Parameters.TryGetValue("ln_final.w", out var weight) ? direction * weight : direction.alias();
    }

    /// <summary>Checks that both tokens are in the vocabulary.</summary>
    /// <exception cref="InterpException">One is not.</exception>
    internal void Check(ModelConfig config)
    {
        foreach (var token in new[] { Answer, Wrong ?? Answer })
        {
            if (token < 0 || token >= config.OutputVocabularySize)
            {
                throw new InterpException($"token {token} is outside the output vocabulary: ids are 0 to {config.OutputVocabularySize - 1}");
            }
        }
    }
}
