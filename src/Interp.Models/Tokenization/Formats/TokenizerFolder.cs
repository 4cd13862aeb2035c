namespace Interp.Models.Tokenization.Formats;

/// <summary>Finds and reads the tokenizer of a checkpoint folder.</summary>
internal static class TokenizerFolder
{
    /// <summary>The folder's tokenizer, or null where it has none.</summary>
    public static Tokenizer? TryLoad(string folder)
    {
        var (json, model) = (Path.Combine(folder, "tokenizer.json"), Path.Combine(folder, "tokenizer.model"));
        var (vocabulary, merges) = (Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"));
        if (File.Exists(json))
        {
            return TokenizerJsonReader.Read(json, TokenizerSettings.Read(folder));
        }

        if (File.Exists(model))
        {
            return SentencePieceReader.Read(model, TokenizerSettings.Read(folder));
        }

        if (File.Exists(vocabulary) && File.Exists(merges))
        {
            return VocabularyMergesReader.Read(vocabulary, merges, TokenizerSettings.Read(folder));
        }

        return null;
    }
}
