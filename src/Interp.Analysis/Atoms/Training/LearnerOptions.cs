using System.Globalization;
using Interp.Compute;

namespace Interp.Analysis.Atoms.Training;

/// <summary>What one dictionary of a run is to be: one point of the options' grid with everything filled in.</summary>
/// <param name="Shared">The options that all dictionaries of the run share.</param>
/// <param name="Architecture">The kind.</param>
/// <param name="Width">The latents.</param>
/// <param name="TargetL0">The latents wanted on a row.</param>
/// <param name="Seed">The seed of the initial weights and of the resampling.</param>
/// <param name="InputWidth">d_in.</param>
/// <param name="OutputWidth">d_out.</param>
/// <param name="LearningRate">The rate after the warm-up.</param>
/// <param name="BatchSize">The rows a step.</param>
/// <param name="DeadAfterRows">The rows after which a silent latent is dead.</param>
/// <param name="IsTranscoder">Whether it maps one hook to another.</param>
internal sealed record LearnerOptions(
    AtomsOptions Shared, TrainedArchitecture Architecture, int Width, double TargetL0, long Seed, int InputWidth, int OutputWidth, double LearningRate, int BatchSize, long DeadAfterRows, bool IsTranscoder)
{
    /// <summary>Adam's β₁: none for thresholds, whose steps it would carry past the target; the usual one for the rest.</summary>
    public double Beta1 => Shared.Beta1 ?? (Architecture is TrainedArchitecture.JumpRelu or TrainedArchitecture.Gated ? 0 : 0.9);

    /// <summary>The name of the dictionary in a run of several.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Kind}-w{Width}-l{TargetL0:0.##}-s{Seed}");

    /// <summary>Whether thresholds or λ are steered to the wanted L0 (else sparsity has a fixed price, or the number is fixed by k).</summary>
    public bool SteersToTarget => Shared.Sparsity == SparsityTerm.TargetL0;

    private string Kind => Architecture switch
    {
        TrainedArchitecture.JumpRelu => "jump-relu",
        TrainedArchitecture.TopK => "top-k",
        TrainedArchitecture.BatchTopK => "batch-top-k",
        TrainedArchitecture.Matryoshka => "matryoshka",
        TrainedArchitecture.Gated => "gated",
        _ => "relu",
    };

    /// <summary>All points of the options' grid, in the order architectures, widths, targets, seeds.</summary>
    /// <param name="options">The options.</param>
    /// <param name="inputWidth">The width of the activations read.</param>
    /// <param name="outputWidth">The width of those written; null for an autoencoder.</param>
    /// <param name="trainingRows">The rows to train on.</param>
    /// <exception cref="InterpException">More active latents are wanted than there are, or two points are the same.</exception>
    public static IReadOnlyList<LearnerOptions> Grid(AtomsOptions options, int inputWidth, int? outputWidth, long trainingRows)
    {
        const int Expansion = 4;
        const double RateAtWidthOne = 0.024;
        const long MostDeadAfterRows = 10_000_000;
        const int DeadLivesARun = 20;
        var batch = (int)Math.Min(options.BatchSize, trainingRows);
        var rate = options.LearningRate > 0 ? options.LearningRate : RateAtWidthOne / Math.Sqrt(inputWidth);
        var dead = options.DeadAfterRows > 0 ? options.DeadAfterRows : Math.Clamp((long)options.Steps * batch / DeadLivesARun, 1, MostDeadAfterRows);
        var points =
            from architecture in OrDefault(options.Architecture, TrainedArchitecture.JumpRelu)
            from width in OrDefault(options.Width, 0)
            from target in OrDefault(options.TargetL0, 0)
            from seed in OrDefault(options.Seed, 1)
            select new LearnerOptions(
                options,
                architecture,
                width > 0 ? width : Expansion * inputWidth,
                target > 0 ? target : Math.Sqrt(inputWidth),
                seed,
                inputWidth,
                outputWidth ?? inputWidth,
                rate,
                batch,
                dead,
                outputWidth is not null);
        var grid = points.ToArray();
        if (outputWidth is not null && grid.Any(point => point.Architecture == TrainedArchitecture.Gated))
        {
            throw new InterpException("gated transcoders have no layout to be saved in: choose another --architecture");
        }

        if (grid.FirstOrDefault(point => point.TargetL0 >= point.Width) is { } unmet)
        {
            throw new InterpException($"--target-l0 {unmet.TargetL0.ToString(CultureInfo.InvariantCulture)} is not below the {unmet.Width} latents: ask for fewer active latents or more --width");
        }

        return grid.DistinctBy(point => point.Name).Count() == grid.Length
            ? grid
            : throw new InterpException("two dictionaries of the grid are the same: name each width, target, seed and architecture once");
    }

    private static IReadOnlyList<T> OrDefault<T>(IReadOnlyList<T> values, T otherwise) => values.Count > 0 ? values : [otherwise];
}
