using Interp.Analysis.Circles.Grokking;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Training;
using TorchSharp;

namespace Interp.Analysis.Tests.Circles.Grokking;

public sealed class GrokkingAnalysisTests(GrokkingAnalysisTests.Trained trained) : IClassFixture<GrokkingAnalysisTests.Trained>
{
    private static readonly ModularAdditionRecipe s_tiny = new()
    {
        Name = "tiny-7",
        Summary = "A model too small to learn, for tests.",
        Shape = new ModularAdditionShape(Modulus: 7, Width: 8, HeadCount: 2, MlpWidth: 12),
        TrainFraction = 0.5,
        Training = new TrainingOptions { Steps = 20, EvaluateEvery = 10 },
    };

    private readonly GrokkingResult _result = trained.Result;

    [Fact]
    public void Circles_work_before_the_model_does()
    {
        Assert.InRange(_result.MemorizedStep!.Value, 50, 250);
        Assert.True(_result.CircuitStep < _result.GeneralizedStep, $"{_result.CircuitStep} before {_result.GeneralizedStep}");
        Assert.InRange(_result.GeneralizedStep!.Value, _result.MemorizedStep.Value, _result.Step99!.Value);
        var between = _result.Points.Where(point => point.Step >= _result.CircuitStep && point.Step < _result.GeneralizedStep);
        Assert.All(between, point => Assert.True(point.RestrictedLoss < point.HeldOutLoss / 2, $"{point}"));
    }

    [Fact]
    public void Weights_grow_while_pairs_are_memorised_and_shrink_to_what_the_circles_need()
    {
        var last = _result.Points[^1];
        var largest = _result.Points.MaxBy(point => point.SquaredWeightNorm)!;
        Assert.InRange(largest.Step, 50, _result.GeneralizedStep!.Value);
        Assert.True(largest.SquaredWeightNorm > 1.5 * _result.Points[0].SquaredWeightNorm, $"{largest}");
        Assert.True(last.SquaredWeightNorm < 0.8 * largest.SquaredWeightNorm, $"{last}");
        Assert.InRange(last.ExcludedLoss, Math.Log(31), 20);
        Assert.InRange(last.VarianceExplained.Sum(), 0.8, 1);
        Assert.InRange(_result.Points[0].VarianceExplained.Sum(), 0, 0.2);
        Assert.InRange(_result.Frequencies.Length, 1, 6);
    }

    [Fact]
    public void Losses_are_those_that_the_trainer_saw()
    {
        var (_, training) = RecipeRun.Watch(s_tiny, s_tiny.Training with { Seed = 3 }, _ => { });
        var result = GrokkingAnalysis.Run(s_tiny, 3, new GrokkingOptions());
        Assert.Equal([0, 10, 20], result.Points.Select(point => point.Step));
        foreach (var (point, seen) in result.Points.Skip(1).Zip(training.History))
        {
            Assert.Equal(seen.HeldOutLoss, point.HeldOutLoss, 1e-6);
            Assert.Equal(seen.HeldOutAccuracy, point.HeldOutAccuracy, 1e-6);
            Assert.Equal(seen.SquaredWeightNorm, point.SquaredWeightNorm, 1e-9);
        }
    }

    [Fact]
    public void The_way_is_the_one_that_train_took()
    {
        var root = Directory.CreateTempSubdirectory("interp-grokking-").FullName;
        try
        {
            var metrics = RecipeRun.Train(s_tiny, Path.Combine(root, "tiny"), seed: 5);
            var (_, result) = RecipeRun.Watch(s_tiny, s_tiny.Training with { Seed = 5 }, _ => { });
            Assert.Equal(metrics.History, result.History);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void A_model_that_no_recipe_made_is_refused()
    {
        using var shipped = LanguageModel.Load(Fourier.PlainModularAddition.Shipped("clock-59"));
        using var model = LanguageModel.Create(shipped.Config, shipped.Parameters);
        var failure = Assert.Throws<InterpException>(() => GrokkingAnalysis.Run(model, new GrokkingOptions()));
        Assert.Contains("recipe", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_catalogue_goes_through_the_training_of_a_models_own_recipe()
    {
        using var model = LanguageModel.Load(Fourier.PlainModularAddition.Shipped("clock-59"));
        var sources = new AnalysisSources { Model = model, OutputFolder = "" };
        using var outcome = AnalysisCatalogue.Find("circles-grokking").Run(sources, new GrokkingOptions { Steps = 20, EvaluateEvery = 10 });
        var result = (GrokkingResult)outcome.Result;
        Assert.Equal(("clock-59", 1L, 59), (result.Recipe, result.Seed, result.Modulus));
        Assert.Equal(3, outcome.Figures.Count);
        Assert.Null(result.Step99);
    }

    [Fact]
    public void A_run_can_be_cancelled_and_leaves_no_tensors_behind()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        _ = GrokkingAnalysis.Run(s_tiny, 1, new GrokkingOptions());
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = GrokkingAnalysis.Run(s_tiny, 1, new GrokkingOptions { Steps = 7, EvaluateEvery = 3 });
        Assert.ThrowsAny<OperationCanceledException>(() => GrokkingAnalysis.Run(s_tiny, 1, new GrokkingOptions(), null, source.Token));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Figures_have_titles_words_and_named_axes() =>
        Assert.All(GrokkingFigures.Draw(_result), figure =>
        {
            Assert.NotEmpty(figure.Title);
            Assert.NotEmpty(figure.Description);
            Assert.All(figure.Data, trace => Assert.Equal(_result.Points.Length, ((Plotly.Blazor.Traces.Scatter)trace).X.Count));
            Assert.All(figure.Layout.XAxis, axis => Assert.Equal("step", axis.Title.Text));
            Assert.All(figure.Layout.YAxis, axis => Assert.NotEmpty(axis.Title.Text));
        });

    /// <summary>One training run for all tests, cut off soon after it generalises.</summary>
    public sealed class Trained
    {
        public Trained() => Result = GrokkingAnalysis.Run(TrainingRecipes.FindModularAddition("clock-31"), 1, new GrokkingOptions { Steps = 900 });

        public GrokkingResult Result { get; }
    }
}
