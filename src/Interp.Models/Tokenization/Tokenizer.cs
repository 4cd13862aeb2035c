using System.Text;
using Interp.Models.Tokenization.Decoding;
using Interp.Models.Tokenization.Formats;

namespace Interp.Models.Tokenization;

/// <summary>
/// Text to token ids and back, exactly as the model was trained with: read from `tokenizer.json`, `tokenizer.model`, or
/// `vocab.json` and `merges.txt` of a checkpoint folder. Safe for use by several threads.
/// </summary>
/// <remarks>
/// Same ids as huggingface/tokenizers 0.23 for tokenizer.json and as google/sentencepiece for tokenizer.model.
/// Half a surrogate pair reads as U+FFFD. Time is n log n in the text's length at worst.
/// </remarks>
public sealed class Tokenizer
{
    private readonly TokenPipeline _pipeline;
    private readonly TokenTemplate _template;
    private readonly bool _readsByteAlphabet;
    private readonly bool _readsByteTokens;
    private readonly bool _standsAlone;

    internal Tokenizer(TokenPipeline pipeline, TokenizerSettings settings, string kind)
    {
        _pipeline = pipeline;
        Kind = kind;
        BeginId = settings.BeginId(pipeline);
        EndIds = settings.EndIds(pipeline);
        _template = settings.Apply(pipeline.Template, BeginId, EndId);
        _readsByteAlphabet = Reads<ByteLevelDecoder>(pipeline.Decoder);
        _readsByteTokens = Reads<ByteFallbackDecoder>(pipeline.Decoder);
        _standsAlone = pipeline.Decoder is FuseDecoder;
    }

    /// <summary>The kind for a reader, such as `byte-level BPE (tokenizer.json)`.</summary>
    public string Kind { get; }

    /// <summary>The token that starts a text (BOS), or null where the tokenizer has none.</summary>
    public int? BeginId { get; }

    /// <summary>The token that ends a text (EOS), or null where the tokenizer has none.</summary>
    public int? EndId => EndIds.Count > 0 ? EndIds[0] : null;

    /// <summary>All tokens that end a text; chat models have several.</summary>
    public IReadOnlyList<int> EndIds { get; }

    /// <summary>Whether <see cref="SpecialTokens.Default"/> puts <see cref="BeginId"/> first.</summary>
    public bool AddsBegin => BeginId is { } begin && _template.Before.Count > 0 && _template.Before[0] == begin;

    /// <summary>One more than the highest id; models may have more rows than that.</summary>
    public int Count => _pipeline.Count;

    /// <summary>Reads the folder's tokenizer, or returns null where it has none.</summary>
    /// <param name="folder">The folder, or one of the files <c>tokenizer.json</c> and <c>tokenizer.model</c>.</param>
    /// <exception cref="TokenizerException">The files are damaged or ask for something unsupported.</exception>
    public static Tokenizer? TryLoad(string folder) => TokenizerFolder.TryLoad(folder);

    /// <summary>Reads the folder's tokenizer: `tokenizer.json`, else `tokenizer.model`, else `vocab.json` with `merges.txt`.</summary>
    /// <param name="folder">The folder, or one of the files <c>tokenizer.json</c> and <c>tokenizer.model</c>.</param>
    /// <exception cref="TokenizerException">There is none, or its files are damaged or ask for something unsupported.</exception>
    public static Tokenizer Load(string folder) => TryLoad(folder)
        ?? throw new TokenizerException($"{folder}: no tokenizer: put tokenizer.json, tokenizer.model, or vocab.json and merges.txt beside the weights");

    /// <summary>The tokenizer of the task (a + b) mod p: ids 0 to p-1 are the numbers, p is `=`; `12 + 30 =` is [12, 30, p].</summary>
    /// <exception cref="TokenizerException">The modulus is below 2.</exception>
    public static Tokenizer ForModularAddition(int modulus) => ModularAdditionTokenizer.Create(modulus);

    /// <summary>The token ids of a text.</summary>
    /// <param name="text">The text; special tokens written in it are recognised.</param>
    /// <param name="special">Which special tokens are added.</param>
    /// <exception cref="TokenizerException">A begin token is asked for and the tokenizer has none, or the text cannot be written with the vocabulary.</exception>
    public int[] Encode(string text, SpecialTokens special = SpecialTokens.Default)
    {
        var spans = EncodeWithOffsets(text, special);
        var ids = new int[spans.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = spans[i].Id;
        }

        return ids;
    }

    /// <summary>The tokens of a text with the part of the text that each stands for; added tokens have an empty one at its ends.</summary>
    /// <param name="text">The text; special tokens written in it are recognised.</param>
    /// <param name="special">Which special tokens are added.</param>
    /// <exception cref="TokenizerException">A begin token is asked for and the tokenizer has none, or the text cannot be written with the vocabulary.</exception>
    public IReadOnlyList<TokenSpan> EncodeWithOffsets(string text, SpecialTokens special = SpecialTokens.Default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var spans = _pipeline.Encode(text);
        if (special == SpecialTokens.None)
        {
            return spans;
        }

        List<TokenSpan> all = [];
        if (special == SpecialTokens.Begin && !AddsBegin)
        {
            all.Add(new TokenSpan(BeginId ?? throw new TokenizerException("the tokenizer has no begin token: encode without one"), 0, 0));
        }

        all.AddRange(_template.Before.Select(id => new TokenSpan(id, 0, 0)));
        all.AddRange(spans);
        all.AddRange(_template.After.Select(id => new TokenSpan(id, text.Length, text.Length)));
        return all;
    }

    /// <summary>The token ids of a text that a model is to go on with: what stands before a text is added, what ends one is not.</summary>
    /// <param name="text">The text; special tokens written in it are recognised.</param>
    /// <exception cref="TokenizerException">The text cannot be written with the vocabulary.</exception>
    public int[] EncodePrompt(string text) => [.. _template.Before, .. Encode(text, SpecialTokens.None)];

    /// <summary>The text of token ids; ids without a token, such as padding rows of a model, give nothing.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="special"><see cref="SpecialTokens.None"/> leaves special tokens out.</param>
    public string Decode(IEnumerable<int> ids, SpecialTokens special = SpecialTokens.Default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        List<string> tokens = [];
        foreach (var id in ids)
        {
            if (_pipeline.TextOf(id) is { } text && !(special == SpecialTokens.None && IsSpecial(id)))
            {
                tokens.Add(text);
            }
        }

        return string.Concat(_pipeline.Decoder.Apply(tokens));
    }

    /// <summary>A token for display: `·` space, `↵` newline, `⇥` tab, `⟨0xE2⟩` a byte that is no character on its own, `⟨id⟩` an id without a token.</summary>
    public string TokenText(int id) => _pipeline.AddedOf(id) is { IsSpecial: true } special ? TokenDisplay.OfBytes(Encoding.UTF8.GetBytes(special.Content))
        : _pipeline.TextOf(id) is null ? TokenDisplay.OfId(id)
        : TokenDisplay.OfBytes(_standsAlone ? Encoding.UTF8.GetBytes(_pipeline.TextOf(id)!) : TokenBytes(id));

    /// <summary>The bytes that a token adds to the text, in UTF-8, as they stand behind other tokens; none for an id without a token.</summary>
    public byte[] TokenBytes(int id)
    {
        if (_pipeline.TextOf(id) is not { } text)
        {
            return [];
        }

        if (_readsByteAlphabet)
        {
            return ByteLevelAlphabet.Bytes(text);
        }

        if (_readsByteTokens && ByteToken.TryRead(text, out var value))
        {
            return [value];
        }

        // Some decoders treat the first token apart, so the token is read behind another.
        const string Leader = "a";
        return Encoding.UTF8.GetBytes(string.Concat(_pipeline.Decoder.Apply([Leader, text]))[Leader.Length..]);
    }

    /// <summary>The id of a token as the vocabulary writes it (`Ġthe`, `▁the`, `&lt;|endoftext|&gt;`), or null.</summary>
    public int? FindId(string vocabularyEntry) => _pipeline.IdOf(vocabularyEntry);

    /// <summary>Whether a token steers the model (begin, end, padding) rather than standing for text.</summary>
    public bool IsSpecial(int id) => _pipeline.AddedOf(id) is { IsSpecial: true };

    private static bool Reads<T>(IDecoder decoder) where T : IDecoder =>
        decoder is T || (decoder is DecoderSequence sequence && sequence.Decoders.Any(Reads<T>));
}
