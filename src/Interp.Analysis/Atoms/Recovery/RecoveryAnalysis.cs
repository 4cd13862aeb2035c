using Interp.Analysis.Activations;
using Interp.Analysis.Atoms.Geometry;
using Interp.Analysis.Atoms.Training;
using Interp.Compute;
using Interp.Compute.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Recovery;

/// <summary>Plants a dictionary, trains one on its rows, counts the atoms found, and compares the identifiability theorem's window with what encoding recovers.</summary>
public static class RecoveryAnalysis
{
    private const double MatchCosine = 0.99;
    private const string Hook = "planted";

    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<string, RecoveryOptions, RecoveryResult>(
        "atoms-recovery",
        "Recovery of planted atoms",
        "Plants directions of known coherence, trains a dictionary on sparse sums of them, and tells how many it finds and where theory says that it must fail.",
        SourceKinds.None,
        (sources, _) => sources.OutputFolder,
        Run,
        RecoveryFigures.Draw);

    /// <summary>Runs the experiment. Deterministic for the seed.</summary>
    /// <param name="folder">Receives the planted rows and the trained dictionary.</param>
    /// <param name="options">The experiment.</param>
    /// <param name="progress">Receives the training steps, then the rounds.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="InterpException">The options do not fit each other.</exception>
    public static RecoveryResult Run(string folder, RecoveryOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsSchema.Validate(options);
        Check(options);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var planted = PlantedAtoms.Directions(options);
        var coherence = PairCoherence.Of(planted, cancellation).Maximum;
        Plant(Path.Combine(folder, "activations"), options, planted, cancellation);
        using var store = ActivationStore.Open(Path.Combine(folder, "activations"));
        var sae = Path.Combine(folder, "dictionary");
        var training = new AtomsOptions
        {
            Architecture = [options.Architecture], Width = [options.Atoms], TargetL0 = [options.Active], Steps = options.Steps, BatchSize = options.BatchSize,
            Seed = [options.Seed], StreamSeed = options.Seed, CheckpointEvery = 0, EvaluateEvery = Math.Max(1, options.Steps / 10), HeldOutFraction = 0.1,
        };
        var trained = AtomsAnalysis.Run(store, sae, training, progress, cancellation);
        using var dictionary = SparseAutoencoder.Load(sae);
        var directions = dictionary.DecoderDirections.to(ScalarType.Float64);
        var found = DirectionRounds.Run(directions, store, options, progress, cancellation);
        var (explained, l0) = DirectionRounds.HeldOut(found, store, options, cancellation);
        return new RecoveryResult
        {
            MatchedFraction = Matched(planted, found),
            TrainedMatchedFraction = Matched(planted, directions),
            MeanCosine = Best(planted, found).mean().item<double>(),
            TrainedMeanCosine = Best(planted, directions).mean().item<double>(),
            HeldOutExplainedVariance = explained,
            TrainedHeldOutExplainedVariance = trained.HeldOutExplainedVariance,
            HeldOutL0 = l0,
            Coherence = coherence,
            LargestSparsity = UniquenessBound.LargestSparsity(coherence),
            ByActive = [.. options.ActiveSweep.Where(active => active <= options.Atoms).Select(active => WindowSweep.Point(planted, coherence, active, 0, options, cancellation))],
            ByNoise = [.. options.NoiseSweep.Select(noise => WindowSweep.Point(planted, coherence, options.ActiveUnderNoise, noise, options, cancellation))],
            Atoms = options.Atoms,
            Width = options.Width,
            Active = options.Active,
        };
    }

    private static void Check(RecoveryOptions options)
    {
        if (options.Directions == PlantedDirections.Unbiased && (options.Width != PlantedAtoms.UnbiasedWidth || options.Atoms > 4 * PlantedAtoms.UnbiasedWidth))
        {
            throw new InterpException($"unbiased directions are {4 * PlantedAtoms.UnbiasedWidth} at most, {PlantedAtoms.UnbiasedWidth} wide: give those sizes, or --directions random");
        }

        if (options.Active >= options.Atoms || options.ActiveUnderNoise >= options.Atoms || options.Least > options.Greatest)
        {
            throw new InterpException("fewer atoms must be active than are planted, and --least at most --greatest");
        }
    }

    private static void Plant(string folder, RecoveryOptions options, Tensor planted, CancellationToken cancellation)
    {
        const int Piece = 4096;
        using var writer = ActivationWriter.Create(folder, [new(Hook, options.Width)], new ActivationOrigin { Model = "planted", Context = 1, Seed = options.Seed });
        var total = options.Rows + (options.Rows / 10);
        for (var first = 0; first < total; first += Piece)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(Piece, total - first);
            var codes = PlantedAtoms.Codes(count, options.Active, options, $"planted codes {first}");
            int[] index = [.. Enumerable.Range(first, count)];
            writer.Add([PlantedAtoms.Rows(codes, planted, options.Noise, options.Seed, $"planted noise {first}")], index, index, new int[count]);
        }

        _ = writer.Complete();
    }

    private static double Matched(Tensor planted, Tensor found)
    {
        using var scope = NewDisposeScope();
        return Best(planted, found).ge(MatchCosine).to(ScalarType.Float64).mean().item<double>();
    }

    private static Tensor Best(Tensor planted, Tensor found) => planted.matmul((found / found.norm(1, keepdim: true)).t()).amax([1L]);
}
