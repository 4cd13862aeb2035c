using System.Globalization;
using System.Text;
using Interp.Models.Tokenization.Normalization;

namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads `normalizer` of tokenizer.json.</summary>
internal static class NormalizerReader
{
    /// <summary>The normalizer, or null where there is none.</summary>
    public static INormalizer? Read(JsonPart? part) => part is { } found ? Read(found) : null;

    private static INormalizer Read(JsonPart part)
    {
        var type = part.Type;
        part.AllowOnly(Names(type));
        return type switch
        {
            "Sequence" => new NormalizerSequence([.. part.Get("normalizers").Items().Select(Read)]),
            "Prepend" => Prepend(part.Text("prepend")),
            "Replace" => Replace(part),
            "NFC" => new UnicodeNormalizer(compatible: false, composes: true),
            "NFD" => new UnicodeNormalizer(compatible: false, composes: false),
            "NFKC" => new UnicodeNormalizer(compatible: true, composes: true),
            "NFKD" => new UnicodeNormalizer(compatible: true, composes: false),
            "Lowercase" => new CharacterNormalizer(CharacterNormalizer.Lower),
            "Strip" => new StripNormalizer(part.Flag("strip_left", true), part.Flag("strip_right", true)),
            "StripAccents" => new CharacterNormalizer(rune => UnicodeTables.Instance.IsMark(rune.Value) ? "" : null),
            "ByteLevel" => new NormalizerFunction(ByteLevelAlphabet.Map),
            "Precompiled" => Precompiled(part),
            "BertNormalizer" => Bert(part),
            _ => throw part.Wrong($"normalizer '{type}' is not supported: use a tokenizer with one of Sequence, Prepend, Replace, NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, ByteLevel, Precompiled, BertNormalizer"),
        };
    }

    private static string[] Names(string type) => type switch
    {
        "Sequence" => ["type", "normalizers"],
        "Prepend" => ["type", "prepend"],
        "Replace" => ["type", "pattern", "content"],
        "Strip" => ["type", "strip_left", "strip_right"],
        "Precompiled" => ["type", "precompiled_charsmap"],
        "BertNormalizer" => ["type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase"],
        _ => ["type"],
    };

    private static NormalizerFunction Prepend(string prefix) => new(text => PrefixedText.Prepend(text, prefix));

    private static NormalizerFunction Replace(JsonPart part)
    {
        var (pattern, content) = (PatternReader.Read(part.Get("pattern")), part.Text("content"));
        return new NormalizerFunction(text => ReplacedText.Replace(text, pattern, content));
    }

    private static INormalizer Precompiled(JsonPart part)
    {
        var place = part.Get("precompiled_charsmap");
        try
        {
            var table = Convert.FromBase64String(place.AsText());
            return table.Length == 0 ? new NormalizerSequence([]) : new PrecompiledNormalizer(table, byGrapheme: true, place.Place);
        }
        catch (FormatException failure)
        {
            throw new TokenizerException($"{place.Place}: the table is not base64: get the file again", failure);
        }
    }

    private static NormalizerSequence Bert(JsonPart part)
    {
        var lowers = part.Flag("lowercase", true);
        List<INormalizer> steps = [];
        if (part.Flag("clean_text", true))
        {
            steps.Add(new CharacterNormalizer(Clean));
        }

        if (part.Flag("handle_chinese_chars", true))
        {
            steps.Add(new CharacterNormalizer(rune => UnicodeClasses.IsIdeograph(rune) ? $" {rune} " : null));
        }

        if (part.Flag("strip_accents", lowers))
        {
            steps.Add(new UnicodeNormalizer(compatible: false, composes: false));
            steps.Add(new CharacterNormalizer(WithoutNonSpacing));
        }

        if (lowers)
        {
            steps.Add(new CharacterNormalizer(CharacterNormalizer.Lower));
        }

        return new NormalizerSequence(steps);
    }

    private static string? WithoutNonSpacing(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark && UnicodeTables.Instance.IsCategorised(rune.Value) ? "" : null;

    private static string? Clean(Rune rune)
    {
        if (rune.Value is 0 or 0xFFFD || UnicodeClasses.IsBertControl(rune))
        {
            return "";
        }

        return Rune.IsWhiteSpace(rune) && rune.Value != ' ' ? " " : null;
    }
}
