namespace Interp.Compute;

/// <summary>How far a long operation is. Algorithms report every step; the one who shows it throttles.</summary>
/// <param name="Stage">What is being done now, in a few words ("train SAE").</param>
/// <param name="Done">Units finished in this stage.</param>
/// <param name="Total">Units in this stage; 0 when unknown.</param>
/// <param name="Unit">The unit, plural ("steps", "tokens").</param>
public readonly record struct StepProgress(string Stage, long Done, long Total, string Unit)
{
    /// <summary>A figure worth watching (a loss, say), or null.</summary>
    public double? Value { get; init; }

    /// <summary>What <see cref="Value"/> is ("loss").</summary>
    public string? ValueName { get; init; }

    /// <summary>The finished share of the whole operation, 0–1, where this is one stage of several whose shares are known; else null.</summary>
    public double? Whole { get; init; }

    /// <summary>The finished share of this stage, 0–1, or null when the total is unknown.</summary>
    public double? Fraction => Total > 0 ? Math.Clamp((double)Done / Total, 0, 1) : null;
}
