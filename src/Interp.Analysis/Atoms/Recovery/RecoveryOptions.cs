using Interp.Analysis.Atoms.Training;
using Interp.Compute.Options;

namespace Interp.Analysis.Atoms.Recovery;

/// <summary>What is planted, how it is looked for, and over what the theory's window is compared.</summary>
public sealed record RecoveryOptions
{
    /// <summary>The width of the activations.</summary>
    [Option("Width of the activations; unbiased directions have 64", Minimum = 4, Maximum = 4096, Unit = "numbers")]
    public int Width { get; init; } = 64;

    /// <summary>The planted directions.</summary>
    [Option("Planted directions; of unbiased ones at most 256", Minimum = 2, Maximum = 65536, Unit = "atoms")]
    public int Atoms { get; init; } = 256;

    /// <summary>The atoms active on a row, K.</summary>
    [Option("Atoms active on a row", Minimum = 1, Maximum = 1024, Unit = "atoms")]
    public int Active { get; init; } = 5;

    /// <summary>The kind of directions.</summary>
    [Option("Directions: bases of a known coherence, or random ones")]
    public PlantedDirections Directions { get; init; }

    /// <summary>The least coefficient, δ_min.</summary>
    [Option("Least coefficient of an active atom", Minimum = 1e-3, Maximum = 1e3, Advanced = true)]
    public double Least { get; init; } = 1;

    /// <summary>The greatest coefficient, δ_max.</summary>
    [Option("Greatest coefficient of an active atom", Minimum = 1e-3, Maximum = 1e3, Advanced = true)]
    public double Greatest { get; init; } = 1.5;

    /// <summary>The standard deviation of the noise on each coordinate of the training rows.</summary>
    [Option("Standard deviation of the noise on each coordinate of the rows", Minimum = 0, Maximum = 10)]
    public double Noise { get; init; }

    /// <summary>The training rows; a tenth as many are held out.</summary>
    [Option("Rows to train on; a tenth as many are kept aside", Minimum = 1000, Maximum = 10_000_000, Unit = "rows")]
    public int Rows { get; init; } = 60_000;

    /// <summary>The kind of dictionary trained.</summary>
    [Option("Kind of dictionary that is trained")]
    public TrainedArchitecture Architecture { get; init; } = TrainedArchitecture.JumpRelu;

    /// <summary>The optimiser steps.</summary>
    [Option("Optimiser steps", Minimum = 1, Maximum = 1_000_000, Unit = "steps")]
    public int Steps { get; init; } = 4000;

    /// <summary>The rows a step.</summary>
    [Option("Rows in one step", Minimum = 1, Maximum = 1 << 20, Unit = "rows")]
    public int BatchSize { get; init; } = 512;

    /// <summary>The rounds in which directions are solved for again.</summary>
    [Option("Rounds in which codes and directions are solved for in turn after training", Minimum = 0, Maximum = 1000, Unit = "rounds", Advanced = true)]
    public int Rounds { get; init; } = 30;

    /// <summary>The numbers of active atoms at which the window is compared.</summary>
    [Option("Numbers of active atoms at which the theory's window is compared with what encoding by the planted directions recovers", Minimum = 1, Maximum = 1024, Advanced = true)]
    public IReadOnlyList<int> ActiveSweep { get; init; } = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16];

    /// <summary>The noise levels at which the window is compared.</summary>
    [Option("Noise levels at which the window is compared", Minimum = 0, Maximum = 10, Advanced = true)]
    public IReadOnlyList<double> NoiseSweep { get; init; } = [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3];

    /// <summary>The atoms active on a row where noise is varied.</summary>
    [Option("Atoms active on a row where noise is varied", Minimum = 1, Maximum = 1024, Advanced = true)]
    public int ActiveUnderNoise { get; init; } = 2;

    /// <summary>The seed of everything random.</summary>
    [Option("Seed of the directions, the codes, the noise and the training", Minimum = 0)]
    public long Seed { get; init; } = 1;
}
