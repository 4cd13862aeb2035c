using Interp.Analysis.Circles.Tasks;
using Interp.Compute.Options;

namespace Interp.Analysis.Circles.Probe;

/// <summary>Which circle is looked for, where, and whether it is moved.</summary>
public sealed record ProbeOptions
{
    /// <summary>The task.</summary>
    [Option("The labels on the circle and the sums asked of the model; numbers fits helices to whole numbers instead.")]
    public TaskKind Task { get; init; }

    /// <summary>The layer whose input is read and changed; null for all.</summary>
    [Option("The layer whose input is read and changed; empty for all, the number of layers for the stream after the last.", Minimum = 0, Maximum = 10_000)]
    public int? Layer { get; init; }

    /// <summary>Whether interventions are run.</summary>
    [Option("Moves and removes the circle and sees what becomes of the answers: interventions, sector map, patching maps.")]
    public bool Intervene { get; init; }

    /// <summary>Where interventions act.</summary>
    [Option("Where interventions act: on the label that is counted from, or on the answer at the prompt's end.", Advanced = true)]
    public InterventionSite Site { get; init; }

    /// <summary>The harmonics of the circle that is moved.</summary>
    [Option("The harmonics j of the label whose circles are moved together, angle 2πj·label/p; empty for those that are read with a held-out R² of 0.9 at the layer.", Minimum = 1, Maximum = 10_000)]
    public IReadOnlyList<int> Harmonics { get; init; } = [];

    /// <summary>The principal directions that probes read; 0 for the usual.</summary>
    [Option("Principal directions that probes read; 0 for 5, and for 20 at the prompt's end and for modular addition.", Minimum = 0, Maximum = 4096)]
    public int Components { get; init; }

    /// <summary>Shuffles of the labels.</summary>
    [Option("Shuffles of the labels over the prompts for the null distribution.", Minimum = 0, Maximum = 100_000, Advanced = true)]
    public int NullDraws { get; init; } = 200;

    /// <summary>The most sums of a task.</summary>
    [Option("The most sums; of a task with more, a seeded choice is asked.", Minimum = 10, Maximum = 1_000_000, Advanced = true)]
    public int Problems { get; init; } = 1000;

    /// <summary>The most pairs of prompt and donor.</summary>
    [Option("The most pairs of a prompt and another label for it; of more, a seeded choice is run.", Minimum = 10, Maximum = 1_000_000, Advanced = true)]
    public int Pairs { get; init; } = 2000;

    /// <summary>The confidence of the intervals.</summary>
    [Option("The confidence of the intervals around mean logit differences.", Minimum = 0.5, Maximum = 0.999, Advanced = true)]
    public double Confidence { get; init; } = 0.95;

    /// <summary>The number counted in the sector map.</summary>
    [Option("The number β that the sector map counts; others of 2 to 5 are measured as well.", Minimum = 1, Maximum = 10_000, Advanced = true)]
    public int SectorNumber { get; init; } = 2;

    /// <summary>The largest number of a helix fit.</summary>
    [Option("The largest number of a helix fit.", Minimum = 10, Maximum = 9999, Advanced = true)]
    public int LargestNumber { get; init; } = 99;

    /// <summary>The seed of every random choice.</summary>
    [Option("The seed of every random choice.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }
}
