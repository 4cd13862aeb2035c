using System.Text;

namespace Interp.Models.Tokenization.Normalization;

/// <summary>`NFC`, `NFD`, `NFKC`, `NFKD`: Unicode's normal forms (UAX 15), with the source range of every character kept.</summary>
internal sealed class UnicodeNormalizer : INormalizer
{
    private readonly bool _compatible;
    private readonly bool _composes;
    private readonly char _firstThatChanges;

    /// <param name="compatible">Whether compatibility characters are decomposed too (the K forms).</param>
    /// <param name="composes">Whether what was decomposed is composed again (the C forms).</param>
    public UnicodeNormalizer(bool compatible, bool composes)
    {
        _compatible = compatible;
        _composes = composes;
        _firstThatChanges = compatible ? '\u00A0' : composes ? '\u0300' : '\u00C0';
    }

    /// <inheritdoc/>
    public AlignedText Apply(AlignedText text)
    {
        if (text.Text.AsSpan().IndexOfAnyInRange(_firstThatChanges, '\uFFFF') < 0)
        {
            return text;
        }

        var characters = Decompose(text.Text);
        Reorder(characters);
        if (_composes)
        {
            Compose(characters);
        }

        var builder = new AlignedTextBuilder(text);
        var same = new StringBuilder(text.Text.Length);
        foreach (var character in characters)
        {
            var written = char.ConvertFromUtf32(character.Code);
            builder.Replace(character.Start, character.End, written);
            _ = same.Append(written);
        }

        return same.Equals(text.Text) ? text : builder.Build();
    }

    private List<Character> Decompose(string text)
    {
        var characters = new List<Character>(text.Length);
        var parts = new List<int>();
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var end = at + rune.Utf16SequenceLength;
            parts.Clear();
            UnicodeTables.Instance.Decompose(rune.Value, _compatible, parts);
            foreach (var part in parts)
            {
                characters.Add(new Character(part, UnicodeTables.Instance.CombiningClass(part), at, end));
            }

            at = end;
        }

        return characters;
    }

    // Marks between two starters go in the order of their classes; equal classes stay as they are.
    private static void Reorder(List<Character> characters)
    {
        for (var start = 0; start < characters.Count; start++)
        {
            if (characters[start].Class == 0)
            {
                continue;
            }

            var end = start + 1;
            while (end < characters.Count && characters[end].Class != 0)
            {
                end++;
            }

            var ordered = characters.GetRange(start, end - start).OrderBy(character => character.Class).ToList();
            for (var i = 0; i < ordered.Count; i++)
            {
                characters[start + i] = ordered[i];
            }

            start = end;
        }
    }

    private static void Compose(List<Character> characters)
    {
        var (written, starter) = (0, -1);
        var lastClass = -1;
        foreach (var character in characters.ToArray())
        {
            var composed = starter >= 0 && lastClass < character.Class
                ? UnicodeTables.Instance.Compose(characters[starter].Code, character.Code)
                : -1;
            if (composed >= 0)
            {
                var base_ = characters[starter];
                characters[starter] = new Character(composed, 0, base_.Start, Math.Max(base_.End, character.End));
                continue;
            }

            if (character.Class == 0)
            {
                starter = written;
                lastClass = -1;
            }
            else
            {
                lastClass = character.Class;
            }

            characters[written++] = character;
        }

        characters.RemoveRange(written, characters.Count - written);
    }

    private readonly record struct Character(int Code, byte Class, int Start, int End);
}
