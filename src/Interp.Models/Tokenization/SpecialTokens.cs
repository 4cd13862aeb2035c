namespace Interp.Models.Tokenization;

/// <summary>Which special tokens an encoding gets beside the text's own, or whether a decoding shows them.</summary>
public enum SpecialTokens
{
    /// <summary>Encoding: those that the tokenizer's files ask for. Decoding: special tokens are written out.</summary>
    Default,

    /// <summary>Encoding: none are added; special tokens written in the text are still recognised. Decoding: they are left out.</summary>
    None,

    /// <summary>Encoding: as <see cref="Default"/>, and the begin token stands first in any case. Decoding: as <see cref="Default"/>.</summary>
    Begin,
}
