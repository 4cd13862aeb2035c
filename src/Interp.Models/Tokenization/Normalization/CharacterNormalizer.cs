using System.Text;

namespace Interp.Models.Tokenization.Normalization;

/// <summary>Rewrites each character by itself: `Lowercase`, `StripAccents`, the cleaning of `BertNormalizer`.</summary>
internal sealed class CharacterNormalizer : INormalizer
{
    private readonly Func<Rune, string?> _rewrite;

    /// <param name="rewrite">What a character becomes, or null when it stays.</param>
    public CharacterNormalizer(Func<Rune, string?> rewrite)
    {
        _rewrite = rewrite;
    }

    /// <inheritdoc/>
    public AlignedText Apply(AlignedText text)
    {
        AlignedTextBuilder? builder = null;
        var (at, kept) = (0, 0);
        foreach (var rune in text.Text.EnumerateRunes())
        {
            var end = at + rune.Utf16SequenceLength;
            if (_rewrite(rune) is { } written)
            {
                builder ??= new AlignedTextBuilder(text);
                builder.Keep(kept, at);
                builder.Replace(at, end, written);
                kept = end;
            }

            at = end;
        }

        builder?.Keep(kept, at);
        return builder is null ? text : builder.Build();
    }

    /// <summary>Lower case by Unicode's full mapping, without regard to neighbours; null when the character has none.</summary>
    public static string? Lower(Rune rune)
    {
        if (rune.Value == 0x130)
        {
            return "i\u0307";
        }

        var lower = Rune.ToLowerInvariant(rune);
        return lower == rune ? null : lower.ToString();
    }
}
