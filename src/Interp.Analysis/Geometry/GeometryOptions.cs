using Interp.Compute.Options;

namespace Interp.Analysis.Geometry;

/// <summary>Which clouds are measured, and how.</summary>
public sealed record GeometryOptions
{
    /// <summary>The hooks of a model; none for the residual stream before each block and after the last.</summary>
    [Option("Hooks whose activations are measured, names or globs, separated by commas; empty for the residual stream before each block and after the last.")]
    public IReadOnlyList<string> Hooks { get; init; } = [];

    /// <summary>The rows of a cloud.</summary>
    [Option("The rows measured at most, the same positions at every hook; of a larger tensor a random sample.", Minimum = 2, Maximum = 100_000, Unit = "rows")]
    public int Rows { get; init; } = 4096;

    /// <summary>The length of the pieces of text.</summary>
    [Option("The length of the pieces that a text is cut into; the model's context at most.", Minimum = 2, Maximum = 100_000, Unit = "tokens")]
    public int Context { get; init; } = 512;

    /// <summary>Positions at the start of each piece that are left out.</summary>
    [Option("Positions at the start of each piece that are left out, as the first ones' norms are far larger in many models.", Minimum = 0, Maximum = 10_000, Unit = "positions", Advanced = true)]
    public int SkipPositions { get; init; } = 1;

    /// <summary>Whether rows are scaled to unit length first.</summary>
    [Option("Scale rows to unit length before distances and spectra are taken.", Advanced = true)]
    public bool UnitRows { get; init; }

    /// <summary>Whether each token is kept once.</summary>
    [Option("Keep only the first position of every token.", Advanced = true)]
    public bool DistinctTokens { get; init; }

    /// <summary>Neighbours of the maximum-likelihood estimate.</summary>
    [Option("Neighbours of the maximum-likelihood dimension.", Minimum = 2, Maximum = 1000, Unit = "neighbours")]
    public int LikelihoodNeighbours { get; init; } = 20;

    /// <summary>Neighbours of the method-of-moments estimate.</summary>
    [Option("Neighbours of the method-of-moments local dimension.", Minimum = 2, Maximum = 1000, Unit = "neighbours")]
    public int MomentNeighbours { get; init; } = 100;

    /// <summary>The share of largest ratios that TwoNN leaves out.</summary>
    [Option("The share of the largest ratios of neighbour distances that TwoNN leaves out.", Minimum = 0, Maximum = 0.9, Advanced = true)]
    public double Discard { get; init; } = 0.1;

    /// <summary>The rows of the diffusion entropy, whose cost grows with their cube; 0 for none.</summary>
    [Option("The rows of the diffusion entropy, whose cost grows with their cube; 0 leaves it out.", Minimum = 0, Maximum = 10_000, Unit = "rows")]
    public int DiffusionRows { get; init; } = 1024;

    /// <summary>How σ is chosen.</summary>
    [Option("How the kernel width of the diffusion entropy is chosen.")]
    public DistanceScale Scale { get; init; }

    /// <summary>The factor on σ, or σ itself.</summary>
    [Option("The factor on the median distance, or the width itself where it is absolute.", Minimum = 1e-6, Maximum = 1e6)]
    public double ScaleFactor { get; init; } = 1;

    /// <summary>t of the diffusion.</summary>
    [Option("The diffusion time t, the power of the eigenvalues.", Minimum = 0.01, Maximum = 100, Advanced = true)]
    public double DiffusionTime { get; init; } = 1;

    /// <summary>The labels of the mutual information.</summary>
    [Option("What the diffusion mutual information is taken with.")]
    public CloudLabels Labels { get; init; }

    /// <summary>Resamples behind the intervals; 0 for none.</summary>
    [Option("Resamples behind the confidence intervals: rows drawn again for spectra, random halves for neighbours; 0 for none.", Minimum = 0, Maximum = 1000, Unit = "resamples")]
    public int Resamples { get; init; } = 10;

    /// <summary>Whether a Gaussian of the same covariance is measured beside.</summary>
    [Option("Measure a Gaussian cloud of the same covariance beside each cloud: only it separates nonlinear structure from the spectrum.")]
    public bool MatchedGaussian { get; init; } = true;

    /// <summary>Whether checkpoints inside the model's folder are measured too.</summary>
    [Option("Measure the checkpoints inside the model's folder too (folders checkpoint-N or step-N): the measures over training.", Advanced = true)]
    public bool Checkpoints { get; init; }

    /// <summary>The seed.</summary>
    [Option("The seed of the rows, resamples and Gaussian clouds.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }
}
