using Interp.Analysis.Activations;
using Interp.Analysis.Atoms;
using Interp.Analysis.Atoms.Training;
using Interp.Compute;
using Interp.Models;
using TorchSharp;

namespace Interp.Analysis.Tests.Atoms.Training;

public sealed class AtomsAnalysisTests : IDisposable
{
    private static readonly AtomsOptions s_short = new()
    {
        Steps = 60, BatchSize = 64, TargetL0 = [3], EvaluateEvery = 20, CheckpointEvery = 20, DeadAfterRows = 64 * 9,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_known_sparse_dictionary_is_found_again()
    {
        using var truth = SyntheticFeatures.Write(At("store"), rows: 6000, width: 16, directions: 24, active: 3);
        using var store = ActivationStore.Open(At("store"));
        var result = AtomsAnalysis.Run(store, At("out"), new AtomsOptions { Width = [48], TargetL0 = [3], Steps = 2500, BatchSize = 256 });
        using var dictionary = SparseAutoencoder.Load(At("out"));
        Assert.InRange(SyntheticFeatures.MeanLargestCosine(truth, dictionary.DecoderDirections), 0.9, 1);
        Assert.InRange(result.HeldOutExplainedVariance, 0.85, 1);
        Assert.InRange(result.L0, 2.7, 3.3);
        Assert.InRange(result.HeldOutL0, 2.6, 3.4);
        Assert.InRange(result.ExplainedVariance - result.HeldOutExplainedVariance, -0.02, 0.05);
        Assert.Equal((600L, 5400L), (result.HeldOutRows, result.TrainingRows));
        Assert.Equal((SyntheticFeatures.Hook, "synthetic"), (dictionary.HookName, dictionary.ModelName));
    }

    [Fact]
    public void As_many_latents_as_rows_memorise_and_the_result_says_so()
    {
        using var noise = RandomTensor.Normal(60, 16);
        using (var writer = ActivationWriter.Create(At("store"), [new("h", 16)], new ActivationOrigin()))
        {
            int[] index = [.. Enumerable.Range(0, 60)];
            writer.Add([noise], index, index, index);
            writer.Complete();
        }

        using var store = ActivationStore.Open(At("store"));
        var result = AtomsAnalysis.Run(store, At("out"), new AtomsOptions { Width = [64], TargetL0 = [1.5], Steps = 2000, HeldOutFraction = 0.2 });
        Assert.True(result.ExplainedVariance > 0.5 && result.ExplainedVariance > result.HeldOutExplainedVariance + 0.4, $"{result.ExplainedVariance} {result.HeldOutExplainedVariance}");
        Assert.InRange(result.SingleSampleFraction, 0.2, 1);
        Assert.Equal(0.75, result.RowsPerLatent);
    }

    [Theory]
    [InlineData(DeadLatentRemedy.Resample, 0)]
    [InlineData(DeadLatentRemedy.PreActivation, 0.9)]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others(DeadLatentRemedy remedy, double beta1)
    {
        using var store = Store();
        var options = s_short with { DeadLatents = remedy, Beta1 = beta1 };
        var first = Trained(store, "a", options);
        Assert.Equal(first, Trained(store, "b", options));
        Assert.NotEqual(first, Trained(store, "c", options with { Seed = [2] }));
    }

    [Theory]
    [InlineData(DeadLatentRemedy.Resample, 0)]
    [InlineData(DeadLatentRemedy.PreActivation, 0.9)]
    public void An_interrupted_run_goes_on_bit_for_bit(DeadLatentRemedy remedy, double beta1)
    {
        using var store = Store();
        var options = s_short with { DeadLatents = remedy, Beta1 = beta1 };
        var whole = Trained(store, "whole", options);
        var expected = AtomsAnalysis.Run(store, At("again"), options);
        Assert.Throws<OperationCanceledException>(() => Cancelled(store, "half", options, afterSteps: 47));
        Assert.Equal(["training-state.safetensors"], Directory.EnumerateFiles(At("half")).Select(Path.GetFileName));
        var resumed = AtomsAnalysis.Run(store, At("half"), options with { Resume = true });
        Assert.Equal(whole, File.ReadAllBytes(Path.Combine(At("half"), "sae_weights.safetensors")));
        Assert.Equal(expected.History, resumed.History);
        Assert.Equal(["cfg.json", "sae_weights.safetensors"], Directory.EnumerateFiles(At("half")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void States_go_to_the_folder_that_the_options_name_and_are_gone_when_the_run_is_whole()
    {
        using var store = Store();
        var whole = Trained(store, "whole", s_short);
        var options = s_short with { StateFolder = At("states") };
        Assert.Throws<OperationCanceledException>(() => Cancelled(store, "first", options, afterSteps: 30));
        Assert.False(Directory.Exists(At("first")));
        Assert.Single(Directory.EnumerateFiles(At("states")));
        var first = 0L;
        AtomsAnalysis.Run(store, At("second"), options with { Resume = true }, new Reporter(step => first = first == 0 ? step : first));
        Assert.Equal(21, first);
        Assert.Equal(whole, File.ReadAllBytes(Path.Combine(At("second"), "sae_weights.safetensors")));
        Assert.Empty(Directory.EnumerateFiles(At("states")));
    }

    [Fact]
    public void A_state_of_other_options_or_activations_is_refused()
    {
        using var store = Store();
        Assert.Throws<OperationCanceledException>(() => Cancelled(store, "out", s_short, afterSteps: 30));
        var wrong = Assert.Throws<InterpException>(() => AtomsAnalysis.Run(store, At("out"), s_short with { Resume = true, TargetL0 = [4] }));
        Assert.Contains("TargetL0 3 and cannot go on with 4", wrong.Message, StringComparison.Ordinal);
        SyntheticFeatures.Write(At("other"), 500, 12, 20, 3, seed: 2).Dispose();
        using var other = ActivationStore.Open(At("other"));
        wrong = Assert.Throws<InterpException>(() => AtomsAnalysis.Run(other, At("out"), s_short with { Resume = true }));
        Assert.Contains("other activations", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_stops_before_the_next_step_and_leaves_nothing_half_written()
    {
        using var store = Store();
        var last = 0L;
        using var source = new CancellationTokenSource();
        var progress = new Reporter(step =>
        {
            last = step;
            if (step == 5)
            {
                source.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => AtomsAnalysis.Run(store, At("out"), s_short, progress, source.Token));
        Assert.Equal(5, last);
        Assert.False(Directory.Exists(At("out")));
    }

    [Fact]
    public void Options_that_cannot_be_met_are_refused()
    {
        using var store = Store();
        Assert.Contains("--target-l0", Assert.Throws<InterpException>(() => AtomsAnalysis.Run(store, At("out"), s_short with { Width = [3] })).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<InterpException>(() => AtomsAnalysis.Run(store, At("out"), s_short with { Steps = 0 }));
    }

    [Fact]
    public void Training_leaves_no_tensor_alive()
    {
        using var store = Store();
        LiveTensors.AssertNoGrowth(() => AtomsAnalysis.Run(store, At("out"), s_short));
    }

    [Fact]
    public void The_saved_dictionary_has_unit_directions_and_reaches_the_reported_numbers_on_unscaled_rows()
    {
        using var store = Store();
        var result = AtomsAnalysis.Run(store, At("out"), s_short);
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var dictionary = SparseAutoencoder.Load(At("out"));
        Assert.Equal(1, dictionary.DecoderDirections.norm(1).min().item<float>(), 1e-5);
        Assert.Equal(1, dictionary.DecoderDirections.norm(1).max().item<float>(), 1e-5);
        var split = HeldOutSplit.Create(store, 0.1, 1);
        var x = store.Gather(split.Train);
        var code = dictionary.Encode(x);
        Assert.Equal(result.L0, code.gt(0).sum().item<long>() / (double)x.shape[0], 1e-9);
        var residual = (x - dictionary.Decode(code)).square().sum().item<float>();
        Assert.Equal(result.ExplainedVariance, 1 - (residual / (x - x.mean([0L])).square().sum().item<float>()), 1e-4);
    }

    [Fact]
    public void A_model_is_captured_first_and_the_run_has_its_figures()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var sources = new AnalysisSources { Model = model, OutputFolder = At("out") };
        using var outcome = AnalysisCatalogue.Find("atoms").Run(sources, s_short with { Width = [48] });
        var result = Assert.IsType<AtomsResult>(outcome.Result);
        Assert.Equal(("clock-59", "blocks.0.hook_resid_post", 3481L), (result.Model, result.Hook, result.TrainingRows + result.HeldOutRows));
        Assert.Equal([20, 40, 60], result.History.Select(point => point.Step));
        Assert.Equal(48, result.Density.Counts.Sum() + result.Density.Silent);
        Assert.Equal(
            ["training-loss", "training-l0", "training-explained-variance", "l0-explained-variance", "latent-density", "nearest-directions"],
            outcome.Figures.Select(figure => figure.Name));
        using var dictionary = SparseAutoencoder.Load(At("out"));
        Assert.Equal((48, 64), (dictionary.Width, dictionary.InputWidth));
        Assert.Contains("needs activations", Assert.Throws<InterpException>(() => AnalysisCatalogue.Find("atoms").Run(sources with { Model = null }, s_short)).Message, StringComparison.Ordinal);
    }

    private ActivationStore Store()
    {
        SyntheticFeatures.Write(At("store"), 500, 12, 20, 3).Dispose();
        return ActivationStore.Open(At("store"));
    }

    private byte[] Trained(ActivationStore store, string name, AtomsOptions options)
    {
        AtomsAnalysis.Run(store, At(name), options);
        return File.ReadAllBytes(Path.Combine(At(name), "sae_weights.safetensors"));
    }

    private void Cancelled(ActivationStore store, string name, AtomsOptions options, int afterSteps)
    {
        using var source = new CancellationTokenSource();
        AtomsAnalysis.Run(store, At(name), options, new Reporter(step =>
        {
            if (step == afterSteps)
            {
                source.Cancel();
            }
        }), source.Token);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private sealed class Reporter(Action<long> report) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => report(value.Done);
    }
}
