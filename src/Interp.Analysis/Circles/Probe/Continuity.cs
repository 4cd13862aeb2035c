namespace Interp.Analysis.Circles.Probe;

/// <summary>Where phrases between two labels lie on the circle that was fitted to the bare labels.</summary>
public sealed record Continuity
{
    /// <summary>The layer whose input is read.</summary>
    public required int Layer { get; init; }

    /// <summary>The phrases, every label in each wording.</summary>
    public required ContinuityPhrase[] Phrases { get; init; }

    /// <summary>The mean of how far the "early" phrases lie behind their label, in steps from one label to the next; negative means before it.</summary>
    public required double MeanEarlySteps { get; init; }

    /// <summary>The same of the "late" phrases.</summary>
    public required double MeanLateSteps { get; init; }

    /// <summary>The share of labels whose early phrase lies before their late one, 0–1.</summary>
    public required double OrderedShare { get; init; }
}
