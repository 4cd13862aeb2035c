using Interp.Compute.Options;

namespace Interp.Analysis.Capacity.Packing;

/// <summary>Which packing is made and which packings the forms are fitted to.</summary>
public sealed record PackingOptions
{
    /// <summary>k.</summary>
    [Option("The unit vectors to pack, k.", Minimum = 2, Maximum = 100_000, Unit = "vectors")]
    public int Vectors { get; init; } = 400;

    /// <summary>d.</summary>
    [Option("Their width, d.", Minimum = 2, Maximum = 16_384, Unit = "dimensions")]
    public int Dimension { get; init; } = 32;

    /// <summary>Steps of Adam; 0 makes no packing.</summary>
    [Option("Steps of the optimiser; the published packings took 5000, and 0 only fits the forms.", Minimum = 0, Maximum = 1_000_000, Unit = "steps")]
    public int Steps { get; init; } = 1500;

    /// <summary>p of the loss; 0 for the published rule.</summary>
    [Option("The power of the cosines in the loss; 0 for the published rule.", Minimum = 0, Maximum = 64, Advanced = true)]
    public int Power { get; init; }

    /// <summary>The rate; 0 for the published rule.</summary>
    [Option("The optimiser's constant rate; 0 for the published rule.", Minimum = 0, Maximum = 1, Advanced = true)]
    public double Rate { get; init; }

    /// <summary>Random draws whose smallest largest cosine is the baseline.</summary>
    [Option("Draws of random vectors; the least of their largest cosines is the baseline.", Minimum = 1, Maximum = 10_000, Unit = "draws")]
    public int RandomDraws { get; init; } = 20;

    /// <summary>A table of other packings to fit; empty for the published 166.</summary>
    [Option("A CSV table (k, d, largest |cosine|) of packings to fit the forms to; empty for the 166 published ones.", Advanced = true)]
    public string Data { get; init; } = "";

    /// <summary>The seed.</summary>
    [Option("The seed of the vectors that the packing starts from and of the random draws.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }
}
