namespace Interp.Models.Tokenization.Segmentation;

/// <summary>The pieces and switches of a unigram model.</summary>
internal sealed record UnigramOptions
{
    /// <summary>The pieces' log probabilities by id.</summary>
    public required IReadOnlyList<double> Scores { get; init; }

    /// <summary>The lowest log probability among the pieces that unknown text is measured against.</summary>
    public required double LowestScore { get; init; }

    /// <summary>The ids that text can become; control pieces of SentencePiece are left out.</summary>
    public required IReadOnlySet<int> Matchable { get; init; }

    /// <summary>What unknown characters become; a run of them is one token.</summary>
    public int? UnknownId { get; init; }

    /// <summary>`byte_fallback`: unknown text becomes the tokens of its bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>What to name in an error.</summary>
    public required string Source { get; init; }
}
