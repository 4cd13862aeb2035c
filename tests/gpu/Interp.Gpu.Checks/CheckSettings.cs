namespace Interp.Gpu.Checks;

/// <summary>What the command line asked for.</summary>
internal sealed record CheckSettings(bool OnCpu, bool ProbesTorch, bool WithTorch, string? BaselinesFile, string? OutputFile)
{
    /// <summary>Reads the words; null where they make no sense.</summary>
    public static CheckSettings? Parse(string[] args)
    {
        var settings = new CheckSettings(false, false, false, null, null);
        for (var i = 0; i < args.Length; i++)
        {
            CheckSettings? next = args[i] switch
            {
                "--cpu" => settings with { OnCpu = true },
                "--probe-torch" => settings with { ProbesTorch = true },
                "--torch" => settings with { WithTorch = true },
                "--baselines" when i + 1 < args.Length => settings with { BaselinesFile = args[++i] },
                "--out" when i + 1 < args.Length => settings with { OutputFile = args[++i] },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            settings = next;
        }

        return settings;
    }
}
