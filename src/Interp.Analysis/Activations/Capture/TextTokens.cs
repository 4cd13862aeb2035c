using Interp.Compute;
using Interp.Models;
using Interp.Models.Tokenization;

namespace Interp.Analysis.Activations.Capture;

/// <summary>Pieces of a tokenised text, each a document of the same length, until there are enough tokens.</summary>
internal sealed class TextTokens : ITokenSource
{
    private const int LeastPartBytes = 1 << 16;

    /// <summary>So that a part holds several pieces however long they are.</summary>
    private const int PartBytesPerToken = 64;

    private readonly string _path;
    private readonly Tokenizer _tokenizer;
    private readonly long _tokens;
    private readonly long _seed;
    private readonly int? _begin;

    public TextTokens(LanguageModel model, string path, CaptureOptions options)
    {
        _path = path;
        _tokenizer = (model.Folder is { } folder ? Tokenizer.TryLoad(folder) : null)
            ?? throw new InterpException($"{model.Name} has no tokenizer, so no text can be run: put tokenizer.json beside its weights");
        _begin = options.BeginToken ? _tokenizer.BeginId : null;
        _tokens = options.Tokens;
        _seed = options.Seed;
        Context = Math.Min(options.Context, model.Config.ContextLength);
        if (Context <= Leading)
        {
            throw new InterpException($"--context {Context} leaves no room for text after the begin token: use at least {Leading + 1}");
        }
    }

    public string Kind => "text";

    public int Context { get; }

    public long DocumentsExpected => (_tokens + Content - 1) / Content;

    private int Leading => _begin is null ? 0 : 1;

    private int Content => Context - Leading;

    public IEnumerable<TokenBatch> Batches(int tokensAtOnce, CancellationToken cancellation)
    {
        var size = Math.Max(1, tokensAtOnce / Context);
        var batch = new List<int[]>();
        foreach (var document in Documents(cancellation))
        {
            if (batch.Count > 0 && (batch.Count == size || batch[0].Length != document.Length))
            {
                yield return new TokenBatch([.. batch], Leading);
                batch.Clear();
            }

            batch.Add(document);
        }

        if (batch.Count == 0)
        {
            throw new InterpException($"{_path}: gives no tokens; give a text file with some text");
        }

        yield return new TokenBatch(batch, Leading);
    }

    private IEnumerable<int[]> Documents(CancellationToken cancellation)
    {
        var left = _tokens;
        int[]? shortest = null;
        foreach (var part in TextParts.Read(_path, _seed, Math.Max(LeastPartBytes, PartBytesPerToken * Content)))
        {
            cancellation.ThrowIfCancellationRequested();
            var ids = _tokenizer.Encode(part, SpecialTokens.None);
            for (var first = 0; first + Content <= ids.Length && left > 0; first += Content)
            {
                var length = (int)Math.Min(Content, left);
                left -= length;
                yield return Piece(ids.AsSpan(first, length));
            }

            if (left <= 0)
            {
                yield break;
            }

            // A text shorter than one piece is still a document.
            shortest ??= ids.Length > 0 ? ids : null;
        }

        if (shortest is not null && left == _tokens)
        {
            yield return Piece(shortest.AsSpan(0, (int)Math.Min(shortest.Length, left)));
        }
    }

    private int[] Piece(ReadOnlySpan<int> content) => _begin is { } begin ? [begin, .. content] : content.ToArray();
}
