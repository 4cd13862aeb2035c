namespace Interp.Models.Tokenization.Segmentation;

/// <summary>The switches of a byte-pair model, named as in tokenizer.json.</summary>
internal sealed record BytePairOptions
{
    /// <summary>`unk_token`'s id: what a character outside the vocabulary becomes; without one it is dropped.</summary>
    public int? UnknownId { get; init; }

    /// <summary>`fuse_unk`: a run of unknown characters is one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>`byte_fallback`: an unknown character becomes the tokens of its bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>`ignore_merges`: a piece that is a token is taken whole.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>`continuing_subword_prefix`: stands before every character but the first.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>`end_of_word_suffix`: stands behind the last character.</summary>
    public string Suffix { get; init; } = "";
}
