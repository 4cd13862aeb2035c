namespace Interp.Models.Tokenization.Segmentation;

/// <summary>The pieces and switches of a SentencePiece byte-pair model.</summary>
internal sealed record SentencePieceOptions
{
    /// <summary>The pieces' scores by id; the highest is joined first.</summary>
    public required IReadOnlyList<float> Scores { get; init; }

    /// <summary>The pieces that text can become.</summary>
    public required IReadOnlySet<int> Joinable { get; init; }

    /// <summary>Pieces of the user that are kept whole wherever they stand.</summary>
    public required IReadOnlySet<int> Fixed { get; init; }

    /// <summary>What unknown characters become; a run of them is one token.</summary>
    public required int UnknownId { get; init; }

    /// <summary>`byte_fallback`: unknown characters become the tokens of their bytes.</summary>
    public bool ByteFallback { get; init; }
}
