namespace Interp.Models.Tokenization.Formats;

/// <summary>What a SentencePiece piece is, numbered as in `sentencepiece_model.proto`.</summary>
internal enum PieceKind
{
    /// <summary>Text.</summary>
    Normal = 1,

    /// <summary>Stands for all text outside the vocabulary.</summary>
    Unknown = 2,

    /// <summary>Steers the model; never found in text.</summary>
    Control = 3,

    /// <summary>Found in text and kept whole.</summary>
    UserDefined = 4,

    /// <summary>Not in use.</summary>
    Unused = 5,

    /// <summary>One byte.</summary>
    Byte = 6,
}
