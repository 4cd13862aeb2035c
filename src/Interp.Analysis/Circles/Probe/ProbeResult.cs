namespace Interp.Analysis.Circles.Probe;

/// <summary>Where a circle is read from a model, and what becomes of its answers when the circle is moved.</summary>
public sealed record ProbeResult
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The task.</summary>
    public required Tasks.TaskKind Task { get; init; }

    /// <summary>p; 0 for numbers.</summary>
    public int Period { get; init; }

    /// <summary>The labels' names.</summary>
    public string[] Labels { get; init; } = [];

    /// <summary>The sums asked.</summary>
    public int Problems { get; init; }

    /// <summary>How many the model answers, choosing among the p answers.</summary>
    public int Correct { get; init; }

    /// <summary>The share, 0–1; null for numbers.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Of the sums that the model's recipe held out, the share it answers, 0–1; null where none is recorded.</summary>
    public double? HeldOutAccuracy { get; init; }

    /// <summary>Which form of the answer words was scored; empty for numbers.</summary>
    public string AnswerForm { get; init; } = "";

    /// <summary>The answer of each sum, [α][β − 1 or, for modular addition, β]; −1 where it was not asked.</summary>
    public int[][] Answers { get; init; } = [];

    /// <summary>The harmonics of the label whose circles are moved, at the best layer where interventions were run.</summary>
    public int[] Harmonics { get; init; } = [];

    /// <summary>The principal directions that probes at α read.</summary>
    public int Components { get; init; }

    /// <summary>The circle probes by layer, position, label and harmonic.</summary>
    public ProbeMeasure[] Probes { get; init; } = [];

    /// <summary>The points that the probe of the first harmonic at α reads, for the figure.</summary>
    public ProbePoints[] Points { get; init; } = [];

    /// <summary>The layer at which the circle moves the answer most often; null without interventions.</summary>
    public int? BestLayer { get; init; }

    /// <summary>The rate at which moving the circle there, all else at its mean, gives the intended answer, 0–1.</summary>
    public double? PatchCircleFlipRate { get; init; }

    /// <summary>The same with the circle of the first harmonic alone, at its own best layer.</summary>
    public double? FirstCircleFlipRate { get; init; }

    /// <summary>The same with all at its mean, the control.</summary>
    public double? AverageAblateFlipRate { get; init; }

    /// <summary>Every intervention at every layer; empty without interventions.</summary>
    public InterventionMeasure[] Interventions { get; init; } = [];

    /// <summary>Sector maps at the best layer, that of the asked β first.</summary>
    public SectorMap[] Sectors { get; init; } = [];

    /// <summary>Where phrases between labels lie.</summary>
    public Continuity[] Continuity { get; init; } = [];

    /// <summary>Patching maps by layer and position or head.</summary>
    public PatchingMap[] PatchingMaps { get; init; } = [];

    /// <summary>Helix fits; empty unless the task is numbers.</summary>
    public HelixMeasure[] Helices { get; init; } = [];
}
