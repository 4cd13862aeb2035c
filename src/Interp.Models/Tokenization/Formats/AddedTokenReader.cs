namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads an added token of tokenizer.json or of tokenizer_config.json.</summary>
internal static class AddedTokenReader
{
    /// <summary>The token of an id.</summary>
    public static AddedToken Read(JsonPart part, int id)
    {
        part.AllowOnly("id", "content", "special", "single_word", "lstrip", "rstrip", "normalized", "__type");
        var special = part.Flag("special", false);
        return new AddedToken(id, part.Text("content"))
        {
            IsSpecial = special,
            IsSingleWord = part.Flag("single_word", false),
            TakesSpaceBefore = part.Flag("lstrip", false),
            TakesSpaceAfter = part.Flag("rstrip", false),
            IsNormalized = part.Flag("normalized", !special),
        };
    }

    /// <summary>The tokens, when no two have one id.</summary>
    public static IReadOnlyList<AddedToken> Checked(IReadOnlyList<AddedToken> tokens, string place) =>
        tokens.GroupBy(token => token.Id).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new TokenizerException($"{place}: two added tokens have id {twice.Key}: give each its own")
            : tokens;
}
