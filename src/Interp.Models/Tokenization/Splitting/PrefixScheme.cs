namespace Interp.Models.Tokenization.Splitting;

/// <summary>Which pieces of a text `Metaspace` puts its mark before.</summary>
internal enum PrefixScheme
{
    /// <summary>None.</summary>
    Never,

    /// <summary>The one that starts the text.</summary>
    First,

    /// <summary>All, also those behind added tokens.</summary>
    Always,
}
