using Interp.Analysis.Circles.Fourier;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Grokking;

/// <summary>Trains a model of a recipe again and follows its frequencies from the first step to the last.</summary>
public static class GrokkingAnalysis
{
    /// <summary>The catalogue's line.</summary>
    public static AnalysisEntry Entry { get; } = AnalysisEntry.Create<AnalysisSources, GrokkingOptions, GrokkingResult>(
        "circles-grokking",
        "How memory gives way to circles",
        "Trains a modular-addition model again from its recipe and follows its frequencies: memorised first, circles formed unseen, memory cleared away.",
        SourceKinds.Model,
        (sources, _) => sources.Model is not null
            ? sources
            : throw new InterpException("circles-grokking needs a model that a recipe made: clock-59 for example"),
        (sources, options, progress, cancellation) => Run(sources.Model!, options, progress, cancellation),
        GrokkingFigures.Draw);

    /// <summary>Trains a model's recipe again with the model's seed.</summary>
    /// <param name="model">The model; only what its folder says of its training is used.</param>
    /// <param name="options">How often to look.</param>
    /// <param name="progress">Receives each training step, then each look.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    /// <exception cref="InterpException">The model's folder names no recipe, or an unknown one.</exception>
    public static GrokkingResult Run(LanguageModel model, GrokkingOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var origin = TrainingOrigin.TryRead(model.Folder)
            ?? throw new InterpException($"{model.Name} does not say from which recipe it was trained: use clock-59, or train a model with `interp train`");
        return Run(TrainingRecipes.FindModularAddition(origin.Recipe), origin.Seed, options, progress, cancellation);
    }

    /// <summary>Trains a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="options">How often to look.</param>
    /// <param name="progress">Receives each training step, then each look.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    /// <remarks>Memory: p³ numbers for each look.</remarks>
    public static GrokkingResult Run(
        ModularAdditionRecipe recipe, long seed, GrokkingOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var looks = new List<(Tensor Logits, double SquaredWeightNorm)>();
        try
        {
            using var noGradient = no_grad();
            var (split, training) = Train(recipe, seed, options, looks, progress, cancellation);
            return Measure(recipe, seed, options, split, training, looks, progress, cancellation);
        }
        finally
        {
            looks.ForEach(look => look.Logits.Dispose());
        }
    }

    private static (ModularAdditionSplit Split, TrainingResult Result) Train(
        ModularAdditionRecipe recipe,
        long seed,
        GrokkingOptions options,
        List<(Tensor Logits, double SquaredWeightNorm)> looks,
        IProgress<StepProgress>? progress,
        CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var p = recipe.Shape.Modulus;
        var training = recipe.Training with
        {
            Seed = seed,
            Steps = options.Steps > 0 ? options.Steps : recipe.Training.Steps,
            EvaluateEvery = options.EvaluateEvery > 0 ? options.EvaluateEvery : recipe.Training.EvaluateEvery,
        };
        var numbers = arange(p, dtype: ScalarType.Int64);
        var (first, second) = (numbers.repeat_interleave(p), numbers.repeat(p));
        return RecipeRun.Watch(recipe, training, Look, progress, cancellation);

        void Look(ModularAdditionObjective objective)
        {
            using var unrecorded = no_grad();
            using var inner = NewDisposeScope();
            var norm = objective.Parameters.Values.Sum(parameter => parameter.to_type(ScalarType.Float64).square().sum().ToDouble());
            looks.Add((objective.Logits(first, second).reshape(p, p, p).DetachFromDisposeScope(), norm));
        }
    }

    private static GrokkingResult Measure(
        ModularAdditionRecipe recipe,
        long seed,
        GrokkingOptions options,
        ModularAdditionSplit split,
        TrainingResult training,
        List<(Tensor Logits, double SquaredWeightNorm)> looks,
        IProgress<StepProgress>? progress,
        CancellationToken cancellation)
    {
        var p = recipe.Shape.Modulus;
        using var basis = new FourierBasis(p);
        using var scores = new PairScores(p, split.Train);
        var steps = training.History.Select(point => point.Step).Prepend(0).ToArray();
        var frequencies = Followed(looks[^1].Logits, basis, options.LogitThreshold);
        var points = new GrokkingPoint[looks.Count];
        for (var i = 0; i < points.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            points[i] = Measure(looks[i].Logits, basis, scores, frequencies, steps[i], looks[i].SquaredWeightNorm);
            progress?.Report(new StepProgress("measure", i + 1, points.Length, "looks"));
        }

        var half = Math.Log(p) / 2;
        return new GrokkingResult
        {
            Recipe = recipe.Name,
            Seed = seed,
            Modulus = p,
            Frequencies = frequencies,
            MemorizedStep = training.MemorizedStep,
            CircuitStep = points.FirstOrDefault(point => point.RestrictedLoss < half)?.Step,
            GeneralizedStep = points.FirstOrDefault(point => point.HeldOutLoss < half)?.Step,
            Step99 = training.FirstStepAt(0.99),
            Points = points,
        };
    }

    private static int[] Followed(Tensor logits, FourierBasis basis, double threshold)
    {
        using var scope = NewDisposeScope();
        var shares = LogitSpectrum.VarianceExplained(logits.to_type(ScalarType.Float64), basis);
        return [.. Enumerable.Range(1, shares.Length).Where(k => shares[k - 1] > threshold)];
    }

    private static GrokkingPoint Measure(Tensor look, FourierBasis basis, PairScores scores, int[] frequencies, int step, double norm)
    {
        using var scope = NewDisposeScope();
        var logits = look.to_type(ScalarType.Float64);
        var part = LogitSpectrum.SumPart(logits, basis, frequencies);
        var shares = LogitSpectrum.VarianceExplained(logits, basis);
        var full = scores.Losses(logits);
        return new GrokkingPoint(
            step,
            full.Train,
            full.HeldOut!.Value,
            scores.HeldOutAccuracy(logits),
            scores.Losses(part + logits.mean([0, 1], keepdim: true)).HeldOut!.Value,
            scores.Losses(logits - part).Train,
            Array.ConvertAll(frequencies, k => shares[k - 1]),
            norm);
    }
}
