using Interp.Compute.Options;

namespace Interp.Analysis.Memories.Scaling;

/// <summary>The sizes of the experiment.</summary>
public sealed record ScalingOptions
{
    /// <summary>α of p(x) ∝ x^(−α).</summary>
    [Option("The exponent alpha of the keys' frequencies p(x) ∝ x^(−alpha).", Minimum = 1.01, Maximum = 10)]
    public double Alpha { get; init; } = 2;

    /// <summary>N.</summary>
    [Option("The keys N.", Minimum = 2, Maximum = 100_000, Unit = "keys")]
    public int Keys { get; init; } = 1000;

    /// <summary>M; the value of key x is x mod M.</summary>
    [Option("The values M; key x, from 0, has the value x mod M.", Minimum = 2, Maximum = 100_000, Unit = "values")]
    public int Values { get; init; } = 5;

    /// <summary>The widths d.</summary>
    [Option("The widths d, separated by commas.", Minimum = 2, Maximum = 16_384)]
    public IReadOnlyList<int> Dimensions { get; init; } = [10, 18, 34, 63, 116, 215, 398];

    /// <summary>Trials of each width and scheme.</summary>
    [Option("Draws of the embeddings for each width and scheme.", Minimum = 1, Maximum = 10_000, Unit = "trials")]
    public int Trials { get; init; } = 16;

    /// <summary>The smallest width that slopes are fitted to.</summary>
    [Option("The smallest width that slopes are fitted to.", Minimum = 1, Maximum = 16_384, Advanced = true)]
    public int SlopeFrom { get; init; } = 34;

    /// <summary>Keys of the exact law for an infinite memory.</summary>
    [Option("The keys of the exact law for a memory of infinite width.", Minimum = 10, Maximum = 10_000_000, Unit = "keys", Advanced = true)]
    public int InfiniteKeys { get; init; } = 200_000;

    /// <summary>The seed.</summary>
    [Option("The seed of the embeddings.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }
}
