using System.Text;
using Interp.Models.Tokenization.Decoding;
using Interp.Models.Tokenization.Normalization;
using Interp.Models.Tokenization.Segmentation;

namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads `tokenizer.model`, SentencePiece's protobuf.</summary>
/// <remarks>
/// Files of the byte-pair kind come with the Llama family, whose tokenizers put the begin token first unless
/// tokenizer_config.json says otherwise; those of the unigram kind add nothing unless it says so.
/// </remarks>
internal static class SentencePieceReader
{
    private const int UnigramType = 1;
    private const int BytePairType = 2;

    /// <summary>The tokenizer of the file.</summary>
    public static Tokenizer Read(string path, TokenizerSettings settings)
    {
        var model = SentencePieceModel.Parse(ReadAll(path), path);
        var vocabulary = ReadVocabulary(model, path);
        var added = Added(model, settings);
        var normalizer = new NormalizerSequence(
        [
            .. model.Table.Length > 0 ? [new PrecompiledNormalizer(model.Table, byGrapheme: false, path)] : Array.Empty<INormalizer>(),
            new SentencePieceSpaces(model.AddsPrefix, model.RemovesExtraSpaces, model.EscapesSpaces),
        ]);
        var pipeline = new TokenPipeline(Segmenter(model, vocabulary, path), normalizer, null, Decoder(model), TokenTemplate.Empty, added);
        settings = settings with
        {
            BeginToken = settings.BeginToken ?? Control(model, model.BeginPiece),
            EndToken = settings.EndToken ?? Control(model, model.EndPiece),
            AddsBegin = settings.AddsBegin ?? (model.ModelType == BytePairType ? true : null),
        };
        return new Tokenizer(pipeline, settings, model.ModelType == BytePairType ? "SentencePiece BPE (tokenizer.model)" : "SentencePiece Unigram (tokenizer.model)");
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{path}: cannot be read: {failure.Message}", failure);
        }
    }

    private static Vocabulary ReadVocabulary(SentencePieceModel model, string path)
    {
        if (model.SpaceIsSuffix)
        {
            throw new TokenizerException($"{path}: white space as a suffix is not supported: use a tokenizer.json");
        }

        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            if (!ids.TryAdd(model.Pieces[id].Text, id))
            {
                throw new TokenizerException($"{path}: pieces {ids[model.Pieces[id].Text]} and {id} are both '{model.Pieces[id].Text}': get the file again");
            }
        }

        return new Vocabulary(ids);
    }

    private static ISegmenter Segmenter(SentencePieceModel model, Vocabulary vocabulary, string path)
    {
        var unknown = IdsOf(model, PieceKind.Unknown);
        if (unknown.Count != 1)
        {
            throw new TokenizerException($"{path}: holds {unknown.Count} unknown pieces where one is needed: get the file again");
        }

        if (model.ByteFallback && IdsOf(model, PieceKind.Byte).Count != 256)
        {
            throw new TokenizerException($"{path}: falls back to bytes but holds {IdsOf(model, PieceKind.Byte).Count} of 256: get the file again");
        }

        return model.ModelType switch
        {
            UnigramType => Unigram(model, vocabulary, unknown.Single(), path),
            BytePairType when IdsOf(model, PieceKind.Unused).Count == 0 => new SentencePieceSegmenter(vocabulary, new SentencePieceOptions
            {
                Scores = [.. model.Pieces.Select(piece => piece.Score)],
                Joinable = IdsOf(model, PieceKind.Normal, PieceKind.UserDefined),
                Fixed = IdsOf(model, PieceKind.UserDefined),
                UnknownId = unknown.Single(),
                ByteFallback = model.ByteFallback,
            }),
            BytePairType => throw new TokenizerException($"{path}: unused pieces in a byte-pair model are not supported: use a tokenizer.json"),
            _ => throw new TokenizerException($"{path}: model type {model.ModelType} is not supported, only unigram (1) and byte-pair (2): use a tokenizer.json"),
        };
    }

    private static UnigramSegmenter Unigram(SentencePieceModel model, Vocabulary vocabulary, int unknown, string path)
    {
        var normal = model.Pieces.Where(piece => piece.Kind == PieceKind.Normal).Select(piece => (double)piece.Score).DefaultIfEmpty(0).ToArray();

        // SentencePiece's reward for a piece of the user: its length in bytes times the best score, less a little.
        var highest = normal.Max();
        return new UnigramSegmenter(vocabulary, new UnigramOptions
        {
            Scores = [.. model.Pieces.Select(piece => piece.Kind == PieceKind.UserDefined
                ? (Encoding.UTF8.GetByteCount(piece.Text) * highest) - 0.1
                : piece.Score)],
            LowestScore = normal.Min(),
            Matchable = IdsOf(model, PieceKind.Normal, PieceKind.UserDefined),
            UnknownId = unknown,
            ByteFallback = model.ByteFallback,
            Source = path,
        });
    }

    private static DecoderSequence Decoder(SentencePieceModel model)
    {
        var unknown = model.Pieces.First(piece => piece.Kind == PieceKind.Unknown).Text;
        return new DecoderSequence(
        [
            new SentencePieceDecoder(unknown, model.UnknownSurface, model.AddsPrefix, model.RemovesExtraSpaces),
            new ByteFallbackDecoder(),
        ]);
    }

    private static IReadOnlyList<AddedToken> Added(SentencePieceModel model, TokenizerSettings settings)
    {
        var known = settings.Added.Select(token => token.Id).ToHashSet();
        var controls = IdsOf(model, PieceKind.Control).Where(id => !known.Contains(id))
            .Select(id => new AddedToken(id, model.Pieces[id].Text) { IsSpecial = true, IsFoundInText = false });
        return [.. settings.Added, .. controls];
    }

    private static HashSet<int> IdsOf(SentencePieceModel model, params PieceKind[] kinds) =>
        [.. Enumerable.Range(0, model.Pieces.Count).Where(id => kinds.Contains(model.Pieces[id].Kind))];

    private static string? Control(SentencePieceModel model, string piece) =>
        model.Pieces.Any(entry => entry.Text == piece && entry.Kind == PieceKind.Control) ? piece : null;
}
