namespace Interp.Models.Generation;

/// <summary>Why a generation ended.</summary>
public enum GenerationEnd
{
    /// <summary>As many tokens as asked for were made.</summary>
    Length,

    /// <summary>A stop token was made.</summary>
    StopToken,
}
