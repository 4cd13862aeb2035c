using Interp.Analysis.Circles.Fourier;
using Interp.Models;
using Interp.Models.Training;

namespace Interp.Analysis.Tests.Circles.Fourier;

/// <summary>
/// clock-31 trained from nothing here and now, against every band of its recipe. Rounding differs between machines, so no
/// frequency is asserted by name.
/// </summary>
public sealed class TrainedClockTests(TrainedClockTests.Trained trained) : IClassFixture<TrainedClockTests.Trained>
{
    private const int Modulus = 31;

    private readonly FourierResult _result = trained.Result;
    private readonly RecipeMetrics _metrics = trained.Metrics;

    [Fact]
    public void It_memorises_and_then_generalises()
    {
        Assert.InRange(_metrics.MemorizedStep!.Value, 50, 250);
        Assert.InRange(_metrics.Step99!.Value, _metrics.MemorizedStep.Value + 1, 2500);
        Assert.Equal(_metrics.Step99 + 2000, _metrics.Steps);
        Assert.Equal(StopReason.TargetReached, _metrics.Stopped);
        Assert.InRange(_metrics.HeldOutAccuracy, 0.999, 1);
        Assert.Equal(14_400, _metrics.ParameterCount);
    }

    [Fact]
    public void The_written_model_is_as_good_as_the_trainer_says()
    {
        Assert.Equal(_metrics.HeldOutLoss, _result.FullLosses.HeldOut!.Value, 1e-7);
        Assert.Equal("recorded", _result.TrainPairs);
        Assert.Equal(_metrics.History[^1].SquaredWeightNorm, _result.SquaredWeightNorm, 1e-6);
    }

    [Fact]
    public void A_few_frequencies_carry_embedding_neurons_and_logits()
    {
        Assert.InRange(_result.KeyFrequencies.Length, 2, 4);
        Assert.InRange(_result.EffectiveFrequencies, 2, 4);
        Assert.InRange(_result.NeuronsAboveThreshold!.Value, 0.65, 1);
        Assert.InRange(_result.LogitVarianceExplained, 0.93, 1);
    }

    [Fact]
    public void The_loss_falls_with_key_frequencies_only_and_exceeds_guessing_without_them()
    {
        Assert.True(_result.RestrictedLoss < _result.FullLosses.All, $"{_result.RestrictedLoss} against {_result.FullLosses.All}");
        Assert.True(_result.ExcludedLoss > Math.Log(Modulus), $"{_result.ExcludedLoss}");
    }

    [Fact]
    public void The_key_planes_are_enough_and_needed()
    {
        Assert.InRange(_result.KeepKeyPlanesAccuracy, 0.99, 1);
        Assert.InRange(_result.RemoveKeyPlanesAccuracy, 0, 0.06);
        Assert.InRange(_result.PatchKeyPlanesAccuracy, 0.99, 1);
        Assert.Equal(1, _result.SyntheticDecodeAccuracy);
    }

    [Fact]
    public void Every_causal_frequency_is_a_circle_in_the_embedding()
    {
        var causal = _result.Frequencies.Where(row => row.IsCausal == true).ToArray();
        Assert.NotEmpty(causal);
        Assert.All(causal, row => Assert.InRange(row.EmbeddingProbe!.R2, 0.95, 1));
        Assert.All(causal, row => Assert.InRange(row.EmbeddingProbe!.HeldOutR2, row.EmbeddingProbeNull!.Value, 1));
    }

    /// <summary>One training run for all tests.</summary>
    public sealed class Trained
    {
        public Trained()
        {
            var root = Directory.CreateTempSubdirectory("interp-clock-").FullName;
            try
            {
                var folder = Path.Combine(root, "clock-31");
                Metrics = RecipeRun.Train(TrainingRecipes.FindModularAddition("clock-31"), folder);
                using var model = LanguageModel.Load(folder);
                Result = FourierAnalysis.Run(model, new FourierOptions());
            }
            finally
            {
                Directory.Delete(root, recursive: true);
            }
        }

        public RecipeMetrics Metrics { get; }

        public FourierResult Result { get; }
    }
}
