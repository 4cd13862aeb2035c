using System.Globalization;

namespace Interp.Gpu.Checks;

/// <summary>What the command line asked for.</summary>
internal sealed record CheckSettings(bool OnCpu, bool ProbesTorch, bool WithTorch, string? BaselinesFile, string? OutputFile)
{
    /// <summary>Which parts; all by default.</summary>
    public IReadOnlyList<CheckPart> Parts { get; init; } = Enum.GetValues<CheckPart>();

    /// <summary>After so many seconds no further comparison is begun; what is left out is said.</summary>
    public double Seconds { get; init; } = double.PositiveInfinity;

    /// <summary>Reads the words; null where they make no sense.</summary>
    public static CheckSettings? Parse(string[] args)
    {
        var settings = new CheckSettings(false, false, false, null, null);
        for (var i = 0; i < args.Length; i++)
        {
            var word = args[i];
            CheckSettings? next = word switch
            {
                "--cpu" => settings with { OnCpu = true },
                "--probe-torch" => settings with { ProbesTorch = true },
                "--torch" => settings with { WithTorch = true },
                "--baselines" when i + 1 < args.Length => settings with { BaselinesFile = args[++i] },
                "--seconds" when i + 1 < args.Length && double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var seconds) && seconds > 0 => settings with { Seconds = seconds },
                "--parts" when i + 1 < args.Length && PartsOf(args[i + 1]) is { } parts => settings with { Parts = parts },
                "--out" when i + 1 < args.Length => settings with { OutputFile = args[++i] },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            settings = next;
            i += word is "--seconds" or "--parts" ? 1 : 0;
        }

        return settings;
    }

    private static CheckPart[]? PartsOf(string words)
    {
        var parts = words.Split(',').Select(word => (IsKnown: Enum.TryParse<CheckPart>(word, ignoreCase: true, out var part) && !char.IsAsciiDigit(word[0]), Part: part)).ToArray();
        return parts.All(part => part.IsKnown) ? [.. parts.Select(part => part.Part)] : null;
    }
}
