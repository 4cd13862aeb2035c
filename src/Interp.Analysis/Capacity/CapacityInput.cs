using Interp.Compute;
using Interp.Models;
using Interp.Models.Checkpoints;
using Interp.Models.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Capacity;

/// <summary>The matrix whose rows are the directions.</summary>
/// <param name="Rows">Rows <c>[V, d]</c>; owned by this input.</param>
/// <param name="Name">The matrix in words.</param>
/// <param name="IsTied">Whether embedding and unembedding are one matrix; null where that is not known.</param>
/// <param name="TokenText">The text of a row's token, or null.</param>
public sealed record CapacityInput(Tensor Rows, string Name, bool? IsTied = null, Func<int, string>? TokenText = null) : IDisposable
{
    /// <summary>Takes the tensor where one is named, else the model's matrix that the options choose.</summary>
    /// <exception cref="InterpException">There is neither, or the model has no such matrix.</exception>
    public static CapacityInput Open(AnalysisSources sources, CapacityOptions options)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        if (sources.Tensor is { } reference)
        {
            return new CapacityInput(TensorReference.Read(reference), reference);
        }

        var model = sources.Model ?? throw new InterpException("capacity needs a model or a tensor: name a model, or FILE:TENSOR with a matrix [V, d]");
        var isEmbedding = options.Matrix == EmbeddingMatrix.Embedding;
        var name = isEmbedding ? "embed.W_E" : "unembed.W_U";
        if (!model.Parameters.TryGetValue(name, out var matrix))
        {
            throw new InterpException($"{model.Name} has no {name}: choose the other matrix");
        }

        return new CapacityInput(isEmbedding ? matrix.alias() : matrix.t(), $"{model.Name} {name}", model.Config.IsHeadTied, TextOf(model));
    }

    /// <inheritdoc/>
    public void Dispose() => Rows.Dispose();

    /// <summary>Texts of tokens only adorn the closest pairs, so a tokenizer that cannot be read does not stop the measurement.</summary>
    private static Func<int, string>? TextOf(LanguageModel model)
    {
        try
        {
            return model.Tokenizer is { } tokenizer ? tokenizer.TokenText : null;
        }
        catch (TokenizerException)
        {
            return null;
        }
    }
}
