namespace Interp.Analysis.Entanglement.Attention;

/// <summary>The entropy profiles of attention.</summary>
public sealed record EntanglementAttentionResult
{
    /// <summary>The unit of all entropies.</summary>
    public string Unit { get; } = "nats";

    /// <summary>Which matrix of a head was read as a state.</summary>
    public required AttentionState State { get; init; }

    /// <summary>The tokens of each prompt, T.</summary>
    public required int Tokens { get; init; }

    /// <summary>How many prompts were averaged.</summary>
    public required int Prompts { get; init; }

    /// <summary>The lengths of the series against length.</summary>
    public required int[] Lengths { get; init; }

    /// <summary>A profile a head, by layer.</summary>
    public required IReadOnlyList<HeadProfile> Profiles { get; init; }

    /// <summary>Patterns of simple rules at the same length.</summary>
    public required IReadOnlyList<PatternOverlay> Overlays { get; init; }

    /// <summary>The share of heads that are sinks.</summary>
    public required double SinkShare { get; init; }

    /// <summary>What a reader should know before using the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
