using Interp.Compute;
using Interp.Models;

namespace Interp.Analysis.Activations.Capture;

/// <summary>What a model is run on.</summary>
internal static class TokenSources
{
    /// <summary>The text where one is given, else the model's own task.</summary>
    /// <exception cref="InterpException">There is neither, or the text cannot be used.</exception>
    public static ITokenSource For(LanguageModel model, string? textFile, CaptureOptions options) =>
        textFile is not null ? new TextTokens(model, textFile, options)
        : model.Task is { Kind: ModelTask.ModularAddition } ? new ModularAdditionTokens(model)
        : throw new InterpException($"{model.Name} ships no task of its own: give a text with --text-file");
}
