using Interp.Models.Tokenization.Segmentation;
using Interp.Models.Tokenization.Splitting;

namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads `tokenizer.json`, the whole pipeline in one file.</summary>
internal static class TokenizerJsonReader
{
    /// <summary>The tokenizer; what the file asks for and is not known is an error, never left out.</summary>
    public static Tokenizer Read(string path, TokenizerSettings settings) => JsonFile.Read(path, root => Read(root, settings));

    private static Tokenizer Read(JsonPart root, TokenizerSettings settings)
    {
        // Truncation and padding are for training batches; an analysis sees whole texts.
        root.AllowOnly(
            "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "model", "post_processor", "decoder");
        var segmenter = SegmenterReader.Read(root.Get("model"));
        var splitter = SplitterReader.Read(root.Find("pre_tokenizer"));
        AddedToken[] added = root.Find("added_tokens") is { } list
            ? [.. list.Items().Select(item => AddedTokenReader.Read(item, item.Number("id")))]
            : [];
        foreach (var token in added)
        {
            if (token.Id > segmenter.Vocabulary.Count + 1_000_000)
            {
                throw root.Wrong($"added token '{token.Content}' has id {token.Id} in a vocabulary of {segmenter.Vocabulary.Count}: the file is damaged, get it again");
            }

            if (segmenter.Vocabulary.IdOf(token.Content) is { } id && id != token.Id)
            {
                throw root.Wrong($"added token '{token.Content}' has id {token.Id}, but {id} in the vocabulary: the file was put together from two tokenizers");
            }
        }

        _ = AddedTokenReader.Checked(added, root.Place);
        var pipeline = new TokenPipeline(
            segmenter, NormalizerReader.Read(root.Find("normalizer")), splitter, DecoderReader.Read(root.Find("decoder")),
            TemplateReader.Read(root.Find("post_processor")), added);
        return new Tokenizer(pipeline, settings, $"{Kind(segmenter, splitter)} (tokenizer.json)");
    }

    private static string Kind(ISegmenter segmenter, ISplitter? splitter) => segmenter switch
    {
        BytePairSegmenter => IsByteLevel(splitter) ? "byte-level BPE" : "BPE",
        UnigramSegmenter => "Unigram",
        WordPieceSegmenter => "WordPiece",
        _ => "word-level",
    };

    private static bool IsByteLevel(ISplitter? splitter) =>
        splitter is ByteLevelSplitter || (splitter is SplitterSequence sequence && sequence.Splitters.Any(IsByteLevel));
}
