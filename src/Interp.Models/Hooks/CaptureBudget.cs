using Interp.Compute;
using Interp.Models.Transformer;

namespace Interp.Models.Hooks;

/// <summary>How many bytes captured values take, told before the run from the points' axes.</summary>
internal static class CaptureBudget
{
    /// <summary>The bytes of the chosen points' values.</summary>
    public static long Bytes(HookTable table, IEnumerable<int> slots, long batch, long length, HookPositions? positions, int elementBytes)
    {
        var kept = positions?.Of(length).Count ?? length;
        return slots.Sum(slot => Elements(table.Config, table.Points[slot], batch, length, kept) * elementBytes);
    }

    /// <exception cref="InterpException">The values do not fit.</exception>
    public static void Check(long bytes, long? budget)
    {
        var limit = budget ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > limit)
        {
            throw new InterpException($"the captured values would take {bytes / 1e9:0.0} GB where {limit / 1e9:0.0} GB are allowed: capture fewer points or positions, or raise the budget");
        }
    }

    private static long Elements(ModelConfig config, HookPoint point, long batch, long length, long kept)
    {
        var product = 1L;
        foreach (var axis in point.Axes.Trim('[', ']').Split(','))
        {
            product *= axis switch
            {
                "b" => batch,
                "p" or "q" => kept,
                "k" => length,
                "D" => config.Width,
                "H" => config.HeadCount,
                "K" => config.KeyValueHeadCount,
                "h" => config.HeadWidth,
                "M" => config.MlpWidth,
                "V" => config.OutputVocabularySize,
                "E" => config.ExpertCount,
                "t" => config.ExpertsPerToken,

                // Every token goes to a few experts: on the average this many to each.
                "n" => Math.Max(1, batch * length * config.ExpertsPerToken / Math.Max(1, config.ExpertCount)),
                _ => 1,
            };
        }

        return product;
    }
}
