using Interp.Analysis.Atoms;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Checkpoints;
using Interp.Models.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Capacity;

/// <summary>The matrix whose rows are measured.</summary>
/// <param name="Rows">One direction a row, <c>[V, d]</c>; owned by this input.</param>
/// <param name="Name">What it is, in words.</param>
/// <param name="IsTied">Whether embedding and unembedding are one matrix; null where that is not known.</param>
/// <param name="Tokenizer">What names the rows, or null.</param>
/// <param name="Partner">The other token matrix of an untied model, of the same shape, owned by this input; or null.</param>
public sealed record CapacityInput(Tensor Rows, string Name, bool? IsTied = null, Tokenizer? Tokenizer = null, Tensor? Partner = null) : IDisposable
{
    /// <summary>The text of a row's token, or null.</summary>
    public Func<int, string>? TokenText => Tokenizer is { } tokenizer ? tokenizer.TokenText : null;

    /// <summary>Takes the tensor or the dictionary's decoder where one is named, else the model's matrix that the options choose.</summary>
    /// <exception cref="InterpException">There is none, or the model has no such matrix.</exception>
    public static CapacityInput Open(AnalysisSources sources, CapacityOptions options)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        if (sources.Tensor is { } reference)
        {
            return new CapacityInput(TensorReference.Read(reference), reference);
        }

        return sources.Dictionary is { } dictionary
            ? OfDictionary(dictionary)
            : Of(sources.Model ?? throw new InterpException("capacity needs a model, a dictionary or a tensor: name a model, a dictionary's folder, or FILE:TENSOR with a matrix [V, d]"), options.Matrix);
    }

    /// <summary>Opens a folder of a model or a dictionary, or FILE:TENSOR.</summary>
    internal static CapacityInput OpenNamed(string name, EmbeddingMatrix matrix)
    {
        if (!Directory.Exists(name))
        {
            return new CapacityInput(TensorReference.Read(name), name);
        }

        if (!File.Exists(Path.Combine(name, "config.json")))
        {
            return OfDictionary(name);
        }

        using var model = LanguageModel.Load(name);
        return Of(model, matrix);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Rows.Dispose();
        Partner?.Dispose();
    }

    private static CapacityInput OfDictionary(string folder)
    {
        using var dictionary = SparseAutoencoder.Load(folder);
        return new CapacityInput(dictionary.DecoderDirections.alias(), $"decoder of {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}");
    }

    private static CapacityInput Of(LanguageModel model, EmbeddingMatrix matrix)
    {
        var isEmbedding = matrix == EmbeddingMatrix.Embedding;
        var name = isEmbedding ? "embed.W_E" : "unembed.W_U";
        var rows = TokenRowsOf(model, name) ?? throw new InterpException($"{model.Name} has no {name}: choose the other matrix");
        var partner = model.Config.IsHeadTied ? null : TokenRowsOf(model, isEmbedding ? "unembed.W_U" : "embed.W_E");
        if (partner is not null && !partner.shape.SequenceEqual(rows.shape))
        {
            partner.Dispose();
            partner = null;
        }

        return new CapacityInput(rows, $"{model.Name} {name}", model.Config.IsHeadTied, TokenizerOf(model), partner);
    }

    private static Tensor? TokenRowsOf(LanguageModel model, string name) =>
        !model.Parameters.TryGetValue(name, out var matrix) ? null : name == "embed.W_E" ? matrix.alias() : matrix.t();

    /// <summary>Tokens only adorn the rows, so a tokenizer that cannot be read does not stop the measurement.</summary>
    private static Tokenizer? TokenizerOf(LanguageModel model)
    {
        try
        {
            return model.Tokenizer;
        }
        catch (TokenizerException)
        {
            return null;
        }
    }
}
