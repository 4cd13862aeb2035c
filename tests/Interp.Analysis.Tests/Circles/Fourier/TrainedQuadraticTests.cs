using Interp.Analysis.Circles.Fourier;
using Interp.Models.Training;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Fourier;

/// <summary>A quadratic network modulo 59 trained here and now, whose structure theory foretells.</summary>
public sealed class TrainedQuadraticTests(TrainedQuadraticTests.Trained trained) : IClassFixture<TrainedQuadraticTests.Trained>
{
    private const int Modulus = 59;

    private readonly FourierResult _result = trained.Result;

    [Fact]
    public void It_generalises_within_300_steps()
    {
        Assert.InRange(trained.Training.FirstStepAt(0.99)!.Value, 1, 300);
        Assert.Equal(1, _result.Accuracy);
    }

    [Fact]
    public void It_uses_every_frequency_about_equally()
    {
        Assert.Equal(Enumerable.Range(1, 29), _result.KeyFrequencies);
        Assert.InRange(_result.EffectiveFrequencies, 27, 29);
        Assert.InRange(_result.LogitVarianceExplained, 0.98, 1);
        Assert.All(_result.Frequencies, row => Assert.InRange(row.LogitVarianceExplained, 0.02, 0.05));
        Assert.All(_result.Frequencies, row => Assert.InRange(row.EmbeddingProbe!.R2, 0.99, 1));
    }

    [Fact]
    public void Its_neurons_reach_the_ceiling_of_a_square_and_no_more()
    {
        Assert.Equal(0, _result.NeuronsAboveThreshold);
        Assert.InRange(_result.Neurons!.MedianShare, 0.78, 0.83);
        Assert.Equal(0.8, _result.Neurons.Ceiling!.Value, 1e-9);
    }

    [Fact]
    public void Its_neurons_add_the_angles_that_they_read()
    {
        var neurons = _result.Neurons!;
        Assert.InRange(neurons.OutputAgreement, 0.98, 1);
        Assert.InRange(neurons.Phases!.MedianResidual, 0, 0.05);
        Assert.InRange(neurons.Phases.Residual95, 0, 0.3);
        Assert.InRange(neurons.Phases.Clustering, 0, 0.2);
        Assert.InRange(neurons.InputInverseParticipation!.Value, 0.4, 0.5);
        Assert.InRange(neurons.OutputInverseParticipation, 0.4, 0.5);
    }

    [Fact]
    public void Its_margin_is_most_of_the_best_there_is() =>
        Assert.InRange(trained.Margin / QuadraticNetwork.OptimalMargin(Modulus), 0.4, 1);

    /// <summary>One training run for all tests.</summary>
    public sealed class Trained
    {
        public Trained()
        {
            using var scope = NewDisposeScope();
            var (split, parameters) = QuadraticAdditionObjective.Start(Modulus, 256, 0.5, seed: 2);
            using var objective = new QuadraticAdditionObjective(parameters, split);
            var options = new TrainingOptions { LearningRate = 5e-3, WeightDecay = 5, Steps = 600, EvaluateEvery = 20, Seed = 2 };
            Training = Trainer.Run(objective, options);
            using var network = new QuadraticNetwork(parameters["W_a"], parameters["W_b"], parameters["W_out"]);
            Margin = network.NormalizedMargin();
            Result = FourierAnalysis.Run(network, new FourierOptions { NullDraws = 1 }, [.. split.Train]);
        }

        public TrainingResult Training { get; }

        public double Margin { get; }

        public FourierResult Result { get; }
    }
}
