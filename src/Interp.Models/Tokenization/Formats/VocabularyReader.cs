namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads a vocabulary and checks its ids before they become a table.</summary>
internal static class VocabularyReader
{
    private const int MostGaps = 1_000_000;

    /// <summary>The vocabulary of an object of tokens and ids.</summary>
    /// <exception cref="TokenizerException">There are none, two tokens share one, or the highest is far beyond their number.</exception>
    public static Vocabulary Read(JsonPart part)
    {
        var place = part.Place;
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, value) in part.Properties())
        {
            ids[token] = value.AsNumber();
        }

        if (ids.Count == 0)
        {
            throw new TokenizerException($"{place}: the vocabulary is empty: get the file again");
        }

        var highest = ids.Values.Max();
        if (highest > ids.Count + MostGaps)
        {
            throw new TokenizerException($"{place}: {ids.Count} tokens but an id of {highest}: the file is damaged, get it again");
        }

        var seen = new string?[highest + 1];
        foreach (var (text, id) in ids)
        {
            if (seen[id] is { } other)
            {
                throw new TokenizerException($"{place}: '{other}' and '{text}' both have id {id}: give each token its own");
            }

            seen[id] = text;
        }

        return new Vocabulary(ids);
    }
}
