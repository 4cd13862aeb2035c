using Interp.Analysis.Circles.Fourier;
using Interp.Compute;
using Interp.Models.Checkpoints;
using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Fourier;

public sealed class QuadraticNetworkTests
{
    [Theory]
    [InlineData(7, 0.0171448167)]
    [InlineData(13, 0.00629042797)]
    [InlineData(59, 0.000610912648)]
    public void The_ideal_network_reaches_the_optimal_margin(int modulus, double margin)
    {
        using var ideal = QuadraticNetwork.Ideal(modulus);
        Assert.Equal(1, QuadraticNetwork.OptimalMargin(modulus) / margin, 1e-8);
        Assert.Equal(1, ideal.NormalizedMargin() / margin, 1e-8);
    }

    [Fact]
    public void A_network_s_file_is_measured_with_its_margin_beside_the_largest()
    {
        using var scope = NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("interp-quadratic-");
        try
        {
            var file = Path.Combine(folder.FullName, "network.safetensors");
            var entry = AnalysisCatalogue.Find("circles-fourier");
            AnalysisSources source = new() { Tensor = $"{file}:W_out", OutputFolder = "" };
            using var ideal = QuadraticNetwork.Ideal(7);
            using var tables = ideal.Tables(null);
            SafetensorsWriter.Write(file, new Dictionary<string, Tensor> { ["W_a"] = tables.FirstInput!, ["W_b"] = tables.SecondInput!, ["W_out"] = tables.NeuronOutput! });
            var options = new FourierOptions { NullDraws = 1 };
            using (var outcome = entry.Run(source, options))
            {
                var margin = ((FourierResult)outcome.Result).Margin!;
                Assert.Equal(1, margin.Share, 1e-9);
                Assert.Equal(1, margin.Normalized / 0.0171448167, 1e-8);
            }

            Assert.Contains("modulo 7, not 5", Assert.Throws<InterpException>(() => entry.Run(source, options with { Modulus = 5 })).Message, StringComparison.Ordinal);
            SafetensorsWriter.Write(file, new Dictionary<string, Tensor> { ["W_a"] = tables.FirstInput! });
            Assert.Contains("no tensor W_b and no W_out", Assert.Throws<InterpException>(() => entry.Run(source, options)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_margin_does_not_change_when_all_weights_are_scaled()
    {
        using var scope = NewDisposeScope();
        var (_, parameters) = QuadraticAdditionObjective.Start(7, 9, 0.5, seed: 1);
        using var network = new QuadraticNetwork(parameters["W_a"], parameters["W_b"], parameters["W_out"]);
        using var scaled = new QuadraticNetwork(2 * parameters["W_a"], 2 * parameters["W_b"], 2 * parameters["W_out"]);
        Assert.Equal(network.NormalizedMargin(), scaled.NormalizedMargin(), 1e-12);
    }

    [Fact]
    public void The_ideal_networks_neurons_add_angles_at_one_frequency_each()
    {
        using var ideal = QuadraticNetwork.Ideal(13);
        var result = FourierAnalysis.Run(ideal, new FourierOptions { NullDraws = 1 });
        Assert.Equal(Enumerable.Range(1, 6), result.KeyFrequencies);
        Assert.Equal(6, result.EffectiveFrequencies, 1e-9);
        Assert.Equal(1, result.Accuracy);
        var neurons = result.Neurons!;
        Assert.Equal(48, neurons.Shares.Length);
        Assert.All(neurons.Shares, share => Assert.Equal(0.8, share, 1e-9));
        Assert.Equal(0.8, neurons.Ceiling!.Value, 1e-9);
        Assert.Equal(1, neurons.OutputAgreement);
        Assert.Equal(0.5, neurons.OutputInverseParticipation, 1e-9);
        Assert.Equal(0.5, neurons.InputInverseParticipation!.Value, 1e-9);
        Assert.Equal(0, neurons.Phases!.Residual95, 1e-9);
        Assert.Equal(0, neurons.Phases.Clustering, 1e-9);
    }

    [Fact]
    public void Turned_outputs_are_seen_as_a_phase_residual()
    {
        // W moved on by one answer turns φ_w of frequency k by 2πk/p.
        using var scope = NewDisposeScope();
        using var ideal = QuadraticNetwork.Ideal(13);
        using var tables = ideal.Tables(null);
        using var turned = new QuadraticNetwork(tables.FirstInput!, tables.SecondInput!, tables.NeuronOutput!.roll(1, 1));
        var phases = FourierAnalysis.Run(turned, new FourierOptions { NullDraws = 1 }).Neurons!.Phases!;
        Assert.InRange(phases.MedianResidual, 2 * Math.PI * 3 / 13, (2 * Math.PI * 4 / 13) + 1e-9);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused_by_name()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("second number", Assert.Throws<ShapeMismatchException>(() => new QuadraticNetwork(ones(5, 4), ones(5, 3), ones(4, 5))).Message, StringComparison.Ordinal);
        Assert.Contains("output weights", Assert.Throws<ShapeMismatchException>(() => new QuadraticNetwork(ones(5, 4), ones(5, 4), ones(5, 4))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Margins_and_measures_leave_no_tensors_behind()
    {
        void Use()
        {
            using var ideal = QuadraticNetwork.Ideal(5);
            _ = ideal.NormalizedMargin();
            _ = FourierAnalysis.Run(ideal, new FourierOptions { NullDraws = 1 });
        }

        Use();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Use();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
