using Interp.Analysis.Entanglement.Internal;

namespace Interp.Analysis.Entanglement.NoHair;

/// <summary>What tuned models have in common outside and what sets them apart inside.</summary>
public sealed record NoHairResult
{
    /// <summary>The unit of all entropies and losses.</summary>
    public string Unit { get; } = "nats";

    /// <summary>The tokens of each prompt.</summary>
    public required int Tokens { get; init; }

    /// <summary>How many prompts were run.</summary>
    public required int Prompts { get; init; }

    /// <summary>The base, the tuned models and their controls.</summary>
    public required IReadOnlyList<ComparedRun> Runs { get; init; }

    /// <summary>Every pair of tuned models, and the base with each other run.</summary>
    public required IReadOnlyList<ComparedPair> Pairs { get; init; }

    /// <summary>The mean external distance between tuned models over their mean internal distance; null where the latter is zero.</summary>
    public required double? Index { get; init; }

    /// <summary>The lower end of the index's 95 % bootstrap interval over prompts.</summary>
    public required double? IndexLow { get; init; }

    /// <summary>The upper end.</summary>
    public required double? IndexHigh { get; init; }

    /// <summary>The mean external distance between tuned models.</summary>
    public required double BetweenMethods { get; init; }

    /// <summary>The mean external distance between two prompts of the base.</summary>
    public required double BetweenPrompts { get; init; }

    /// <summary>The mean external distance between the base and the base with random updates of the tuned models' norms.</summary>
    public required double RandomUpdates { get; init; }

    /// <summary>Whether the tuned models are closer to each other outside than prompts are, and than random updates of their norms are to the base.</summary>
    public required bool IsSupported { get; init; }

    /// <summary>The same in words.</summary>
    public required string Verdict { get; init; }

    /// <summary>The profiles of what each tuned model changed.</summary>
    public required IReadOnlyList<EntanglementProfile> Profiles { get; init; }

    /// <summary>What a reader should know before using the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
