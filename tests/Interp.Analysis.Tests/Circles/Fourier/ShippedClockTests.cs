using System.Globalization;
using System.Text.Json;
using Interp.Analysis.Circles.Fourier;
using Interp.Models;
using Interp.Models.Training;
using Plotly.Blazor.Traces;

namespace Interp.Analysis.Tests.Circles.Fourier;

/// <summary>The shipped clock-59 against every band that a model of its recipe must meet.</summary>
public sealed class ShippedClockTests : IClassFixture<ShippedClockTests.Measured>
{
    private static readonly string s_folder = PlainModularAddition.Shipped("clock-59");

    private readonly FourierResult _result;

    public ShippedClockTests(Measured measured) => _result = measured.Result;

    [Fact]
    public void It_answers_every_held_out_pair()
    {
        var metrics = Metrics();
        Assert.InRange(_result.Accuracy, 0.999, 1);
        Assert.InRange(metrics.HeldOutAccuracy, 0.999, 1);
        Assert.Equal(metrics.HeldOutLoss, _result.FullLosses.HeldOut!.Value, 1e-8);
        Assert.Equal(metrics.TrainLoss, _result.FullLosses.Train, 1e-8);
    }

    [Fact]
    public void It_memorised_first_and_generalised_by_step_2500()
    {
        var metrics = Metrics();
        Assert.InRange(metrics.MemorizedStep!.Value, 1, metrics.Step99!.Value - 1);
        Assert.InRange(metrics.Step99.Value, 1, 2500);
        Assert.Equal(metrics.Step99 + 1500, metrics.Steps);
        Assert.Equal(metrics.Step99, metrics.History.First(point => point.HeldOutAccuracy >= 0.99).Step);
    }

    [Fact]
    public void Its_key_frequencies_are_those_of_the_model_card()
    {
        Assert.InRange(_result.KeyFrequencies.Length, 3, 6);
        Assert.Equal([3, 21, 23, 27], _result.KeyFrequencies);
        Assert.InRange(_result.EffectiveFrequencies, 3, 5);
        Assert.Contains("key frequencies 3, 21, 23 and 27", Card(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_model_card_tells_what_is_measured()
    {
        var card = Card();
        foreach (var row in _result.Frequencies.Where(row => row.IsKey))
        {
            // Digits that rounding on another processor could move are left out: one decimal of per cent, two of a share.
            var line = card.Split('\n').Single(text => text.StartsWith($"| {row.Frequency} |", StringComparison.Ordinal));
            var cells = line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            double Cell(int index) => double.Parse(cells[index].TrimEnd('%', ' '), CultureInfo.InvariantCulture);
            Assert.Equal(100 * row.Power, Cell(1), 0.06);
            Assert.Equal(100 * row.LogitVarianceExplained, Cell(2), 0.06);
            Assert.Equal(row.Neurons, Cell(3), 1.0);
            Assert.Equal(row.EmbeddingProbe!.HeldOutR2, Cell(4), 0.001);
            Assert.Equal(row.ResidualProbe!.HeldOutR2, Cell(5), 0.001);
            Assert.Equal(row.RemoveAccuracy!.Value, Cell(6), 0.001);
        }

        Assert.Contains($"{_result.NeuronsAboveThreshold!.Value:F3} of {_result.Neurons!.AliveCount} alive", card, StringComparison.Ordinal);
        Assert.Contains($"{_result.ExcludedLoss:F2} nats", card, StringComparison.Ordinal);
        Assert.Contains($"| {Metrics().Step99} |", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_neurons_and_logits_are_made_of_single_frequencies()
    {
        Assert.Equal(0.85, _result.Threshold);
        Assert.InRange(_result.NeuronsAboveThreshold!.Value, 0.80, 1);
        Assert.InRange(_result.LogitVarianceExplained, 0.95, 1);
    }

    [Fact]
    public void Keeping_the_key_frequencies_helps_and_losing_them_is_worse_than_guessing()
    {
        Assert.True(_result.RestrictedLoss < _result.FullLosses.All, $"{_result.RestrictedLoss} against {_result.FullLosses.All}");
        Assert.True(_result.ExcludedLoss > Math.Log(59), $"{_result.ExcludedLoss}");
    }

    [Fact]
    public void The_key_planes_of_the_embedding_are_enough_and_needed()
    {
        Assert.InRange(_result.KeepKeyPlanesAccuracy, 0.99, 1);
        Assert.InRange(_result.RemoveKeyPlanesAccuracy, 0, 0.05);
        Assert.InRange(_result.PatchKeyPlanesAccuracy, 0.99, 1);
        Assert.Equal(1, _result.SyntheticDecodeAccuracy);
    }

    [Fact]
    public void Every_frequency_that_it_uses_is_a_circle_of_its_embedding()
    {
        var causal = _result.Frequencies.Where(row => row.IsCausal == true).ToArray();
        Assert.Equal([21, 23, 27], causal.Select(row => row.Frequency));
        Assert.All(causal, row => Assert.InRange(row.EmbeddingProbe!.R2, 0.98, 1));
        Assert.All(causal, row => Assert.InRange(row.EmbeddingProbe!.HeldOutR2, 0.98, 1));
        Assert.All(causal, row => Assert.InRange(row.ResidualShape!.SeparabilityBits, 0.6, 1.6));
        Assert.All(causal, row => Assert.InRange(row.ResidualShape!.Mixture, 0.15, 0.25));
    }

    [Fact]
    public void Frequency_3_is_a_decoy()
    {
        Assert.Equal([3], _result.DecoyFrequencies);
        var decoy = _result.Frequencies[2];
        Assert.InRange(decoy.Power, 0.05, 0.2);
        Assert.InRange(decoy.EmbeddingProbe!.HeldOutR2, 0.95, 1);
        Assert.Equal(1, decoy.RemoveAccuracy);
        Assert.InRange(decoy.ResidualProbe!.R2, 0, 0.01);
        Assert.InRange(decoy.ResidualShape!.Score, 0, 0.17);
    }

    [Fact]
    public void It_is_a_clock_and_not_a_pizza()
    {
        Assert.InRange(_result.GradientSymmetry!.Value, 0, 0.6);
        Assert.InRange(_result.DistanceIrrelevance, 0.6, 1);
    }

    [Fact]
    public void Its_neurons_add_the_angles_that_they_read()
    {
        var phases = _result.Neurons!.Phases!;
        Assert.InRange(phases.MedianResidual, 0, 0.1);
        Assert.InRange(phases.Clustering, 0, 0.2);
        Assert.InRange(_result.Neurons.OutputAgreement, 0.95, 1);
    }

    [Fact]
    public void Its_history_is_drawn()
    {
        var figure = FourierFigures.Draw(_result).Single(figure => figure.Name == "training");
        Assert.All(figure.Data.Cast<Scatter>(), line => Assert.Equal(Metrics().History.Count, line.X.Count));
    }

    private static string Card() => File.ReadAllText(Path.Combine(s_folder, "README.md"));

    private static RecipeMetrics Metrics() =>
        JsonSerializer.Deserialize<RecipeMetrics>(File.ReadAllBytes(Path.Combine(s_folder, "metrics.json")), ResultJson.Options)!;

    /// <summary>One run of the analysis for all tests.</summary>
    public sealed class Measured
    {
        public Measured()
        {
            using var model = LanguageModel.Load(s_folder);
            Result = FourierAnalysis.Run(model, new FourierOptions());
        }

        public FourierResult Result { get; }
    }
}
