namespace Interp.Models.Tokenization.Formats;

/// <summary>Finds and reads the tokenizer of a checkpoint folder.</summary>
internal static class TokenizerFolder
{
    /// <summary>The folder's tokenizer, or null where it has none; a file is read as the one it is named as.</summary>
    public static Tokenizer? TryLoad(string folder)
    {
        if (File.Exists(folder))
        {
            return LoadFile(folder);
        }

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

    // A folder may hold several; naming the file chooses.
    private static Tokenizer LoadFile(string path)
    {
        var settings = TokenizerSettings.Read(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return Path.GetExtension(path) switch
        {
            ".json" => TokenizerJsonReader.Read(path, settings),
            ".model" => SentencePieceReader.Read(path, settings),
            _ => throw new TokenizerException($"{path}: is neither a tokenizer.json nor a tokenizer.model: name one of them, or their folder"),
        };
    }
}
