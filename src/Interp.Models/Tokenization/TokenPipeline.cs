using Interp.Models.Tokenization.Decoding;
using Interp.Models.Tokenization.Normalization;
using Interp.Models.Tokenization.Segmentation;
using Interp.Models.Tokenization.Splitting;

namespace Interp.Models.Tokenization;

/// <summary>What a text goes through: added tokens, normalizer, splitter, model; and the way back.</summary>
internal sealed class TokenPipeline
{
    private readonly Dictionary<int, AddedToken> _added;
    private readonly Dictionary<int, string> _addedTexts;
    private readonly AddedTokenMatcher _raw;
    private readonly AddedTokenMatcher _normalized;
    private readonly INormalizer? _normalizer;
    private readonly ISplitter? _splitter;
    private readonly ISegmenter _segmenter;

    public TokenPipeline(
        ISegmenter segmenter, INormalizer? normalizer, ISplitter? splitter, IDecoder decoder, TokenTemplate template, IReadOnlyList<AddedToken> added)
    {
        _segmenter = segmenter;
        _normalizer = normalizer;
        _splitter = splitter;
        Decoder = decoder;
        Template = template;
        _added = added.ToDictionary(token => token.Id);
        _addedTexts = added.ToDictionary(token => token.Id, token => token.IsNormalized ? Normalize(token.Content) : token.Content);
        var found = added.Where(token => token.IsFoundInText).ToLookup(token => token.IsNormalized);
        _raw = new AddedTokenMatcher(found[false].Select(token => (token.Content, token)));
        _normalized = new AddedTokenMatcher(found[true].Select(token => (_addedTexts[token.Id], token)));
        Count = added.Select(token => token.Id + 1).Append(segmenter.Vocabulary.Count).Max();
    }

    /// <summary>One more than the highest id.</summary>
    public int Count { get; }

    /// <summary>The special tokens that a text gets unless asked otherwise.</summary>
    public TokenTemplate Template { get; }

    /// <summary>The way back to text.</summary>
    public IDecoder Decoder { get; }

    /// <summary>The text of an id, normalised where an added token is looked for so, or null.</summary>
    public string? TextOf(int id) => _addedTexts.TryGetValue(id, out var text) ? text : _segmenter.Vocabulary.TextOf(id);

    /// <summary>The id of a vocabulary entry or added token, or null.</summary>
    public int? IdOf(string text) =>
        _added.Values.FirstOrDefault(token => token.Content == text)?.Id ?? _segmenter.Vocabulary.IdOf(text);

    /// <summary>The added token of an id, or null.</summary>
    public AddedToken? AddedOf(int id) => _added.GetValueOrDefault(id);

    /// <summary>The tokens of a text, without any around them.</summary>
    public List<TokenSpan> Encode(string text)
    {
        var spans = new List<TokenSpan>();
        var source = AlignedText.Source(WholeCharacters(text));
        foreach (var (start, end, token) in _raw.Cut(source.Text))
        {
            if (token is not null)
            {
                spans.Add(new TokenSpan(token.Id, start, end));
                continue;
            }

            var part = source.Slice(start, end);
            EncodeNormalized(_normalizer?.Apply(part) ?? part, spans);
        }

        return spans;
    }

    private void EncodeNormalized(AlignedText text, List<TokenSpan> spans)
    {
        foreach (var (start, end, token) in _normalized.Cut(text.Text))
        {
            if (token is not null)
            {
                var (first, last) = text.SourceRange(start, end);
                spans.Add(new TokenSpan(token.Id, first, last));
            }
            else
            {
                EncodePart(text.Slice(start, end), spans);
            }
        }
    }

    private void EncodePart(AlignedText part, List<TokenSpan> spans)
    {
        List<AlignedText> pieces = [];
        if (_splitter is null)
        {
            pieces.Add(part);
        }
        else
        {
            _splitter.Split(part, pieces);
        }

        var segments = new List<Segment>();
        foreach (var piece in pieces)
        {
            segments.Clear();
            _segmenter.Segment(piece.Text, segments);
            foreach (var segment in segments)
            {
                var (first, last) = piece.SourceRange(segment.Start, segment.End);
                spans.Add(new TokenSpan(segment.Id, first, last));
            }
        }
    }

    private string Normalize(string content) =>
        _normalizer is null ? content : _normalizer.Apply(AlignedText.Source(content)).Text;

    // Half a surrogate pair is no character: it reads as U+FFFD, as it would after writing the text to a file.
    private static string WholeCharacters(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return text;
        }

        var units = text.ToCharArray();
        for (var i = 0; i < units.Length; i++)
        {
            if (i + 1 < units.Length && char.IsSurrogatePair(units[i], units[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(units[i]))
            {
                units[i] = '\uFFFD';
            }
        }

        return new string(units);
    }
}
