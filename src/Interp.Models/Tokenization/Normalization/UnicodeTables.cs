using System.Globalization;

namespace Interp.Models.Tokenization.Normalization;

/// <summary>Decompositions, compositions, combining classes and marks of Unicode 9.0 (UAX 15), read once from the embedded table.</summary>
/// <remarks>
/// .NET's own normalisation does nothing where globalisation is invariant, as it is in this program. The version is that of
/// huggingface/tokenizers, which leaves newer characters as they are.
/// </remarks>
internal sealed class UnicodeTables
{
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TailCount;
    private static readonly Lazy<UnicodeTables> s_instance = new(() => new UnicodeTables());

    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatible = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly Dictionary<int, byte> _classes = [];
    private readonly HashSet<int> _marks = [];
    private readonly HashSet<int> _categorised = [];

    private UnicodeTables()
    {
        var type = typeof(UnicodeTables);
        using var stream = type.Assembly.GetManifestResourceStream(type, "UnicodeTables.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            ReadLine(line.Split(' '));
        }
    }

    /// <summary>The tables.</summary>
    public static UnicodeTables Instance => s_instance.Value;

    /// <summary>The canonical combining class of a code point; 0 for a starter.</summary>
    public byte CombiningClass(int code) => _classes.GetValueOrDefault(code);

    /// <summary>Whether a code point is a combining mark of any kind.</summary>
    public bool IsMark(int code) => _marks.Contains(code);

    /// <summary>Whether a code point was punctuation, a format character or a nonspacing mark in Unicode 8.0, the version of the reference's BERT parts.</summary>
    public bool IsCategorised(int code) => _categorised.Contains(code);

    /// <summary>Adds the full decomposition of a code point, canonical or also by compatibility.</summary>
    public void Decompose(int code, bool compatible, List<int> output)
    {
        var syllable = code - SyllableBase;
        if (syllable is >= 0 and < SyllableCount)
        {
            output.Add(LeadBase + (syllable / (VowelCount * TailCount)));
            output.Add(VowelBase + (syllable / TailCount % VowelCount));
            if (syllable % TailCount > 0)
            {
                output.Add(TailBase + (syllable % TailCount));
            }
        }
        else if (_canonical.TryGetValue(code, out var parts) || (compatible && _compatible.TryGetValue(code, out parts)))
        {
            foreach (var part in parts)
            {
                Decompose(part, compatible, output);
            }
        }
        else
        {
            output.Add(code);
        }
    }

    /// <summary>The code point that two compose to, or -1.</summary>
    public int Compose(int first, int second)
    {
        var (lead, vowel) = (first - LeadBase, second - VowelBase);
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            return SyllableBase + (((lead * VowelCount) + vowel) * TailCount);
        }

        var (syllable, tail) = (first - SyllableBase, second - TailBase);
        if (syllable is >= 0 and < SyllableCount && syllable % TailCount == 0 && tail is > 0 and < TailCount)
        {
            return first + tail;
        }

        return _compositions.GetValueOrDefault((first, second), -1);
    }

    private void ReadLine(string[] fields)
    {
        switch (fields[0])
        {
            case "R":
                var combining = byte.Parse(fields[2], CultureInfo.InvariantCulture);
                foreach (var code in Range(fields[1]))
                {
                    _classes[code] = combining;
                }

                break;
            case "M":
                _marks.UnionWith(Range(fields[1]));
                break;
            case "V":
                _categorised.UnionWith(Range(fields[1]));
                break;
            case "K":
                _compatible[Code(fields[1])] = Array.ConvertAll(fields[2..], Code);
                break;
            case "C" or "D":
                var parts = Array.ConvertAll(fields[2..], Code);
                _canonical[Code(fields[1])] = parts;
                if (fields[0] == "C")
                {
                    _compositions[(parts[0], parts[1])] = Code(fields[1]);
                }

                break;
        }
    }

    private static IEnumerable<int> Range(string text)
    {
        var ends = Array.ConvertAll(text.Split('-'), Code);
        return Enumerable.Range(ends[0], ends[1] + 1 - ends[0]);
    }

    private static int Code(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
