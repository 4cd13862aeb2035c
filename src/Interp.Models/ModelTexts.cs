using Interp.Compute;
using Interp.Models.Tokenization;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>From texts to token ids and back, with the model's tokenizer.</summary>
public static class ModelTexts
{
    /// <summary>A text's ids, [1, position] int64, owned by the caller.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">The text.</param>
    /// <param name="special">Whether the special tokens that the tokenizer's files ask for are added.</param>
    /// <exception cref="InterpException">The model has no tokenizer, or the text no tokens.</exception>
    public static Tensor ToTokens(this LanguageModel model, string text, SpecialTokens special = SpecialTokens.Default)
    {
        var ids = TokenizerOf(model).Encode(text, special);
        return ids.Length > 0
            ? tensor(Array.ConvertAll(ids, id => (long)id)).unsqueeze(0)
            : throw new InterpException("the text has no tokens: give a text that is not empty");
    }

    /// <summary>The text of ids.</summary>
    /// <exception cref="InterpException">The model has no tokenizer.</exception>
    public static string ToText(this LanguageModel model, IReadOnlyList<int> ids) => TokenizerOf(model).Decode([.. ids]);

    /// <summary>Each token of a text as it is shown.</summary>
    /// <exception cref="InterpException">The model has no tokenizer.</exception>
    public static IReadOnlyList<string> TokenStrings(this LanguageModel model, string text, SpecialTokens special = SpecialTokens.Default)
    {
        var tokenizer = TokenizerOf(model);
        return [.. tokenizer.Encode(text, special).Select(tokenizer.TokenText)];
    }

    /// <summary>The id of a text that is one token.</summary>
    /// <exception cref="InterpException">The model has no tokenizer, or the text is not one token; the message shows its tokens.</exception>
    public static int SingleToken(this LanguageModel model, string text)
    {
        var tokenizer = TokenizerOf(model);
        var ids = tokenizer.Encode(text, SpecialTokens.None);
        return ids.Length == 1
            ? ids[0]
            : throw new InterpException($"\"{text}\" is {ids.Length} tokens ({string.Join(" | ", ids.Select(tokenizer.TokenText))}), one is needed: write #id or a text that is a single token, with its leading space if it has one");
    }

    /// <summary>Where a token stands in an input, from 0 on.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">The input, with its special tokens.</param>
    /// <param name="token">The token as a text.</param>
    /// <exception cref="InterpException">The token does not occur, or more than once.</exception>
    public static int PositionOf(this LanguageModel model, string text, string token)
    {
        var (ids, wanted) = (TokenizerOf(model).Encode(text), model.SingleToken(token));
        var places = Enumerable.Range(0, ids.Length).Where(position => ids[position] == wanted).ToList();
        return places.Count == 1
            ? places[0]
            : throw new InterpException($"\"{token}\" occurs {places.Count} times in the text{(places.Count > 1 ? $" (at {string.Join(", ", places)})" : "")}, once is needed");
    }

    private static Tokenizer TokenizerOf(LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Tokenizer ?? throw new InterpException($"{model.Name} has no tokenizer: give token ids");
    }
}
