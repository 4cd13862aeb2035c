using Interp.Analysis.Activations;
using Interp.Analysis.Atoms;
using Interp.Analysis.Atoms.Training;
using Interp.Compute;
using Interp.Models;

namespace Interp.Analysis.Tests.Atoms.Training;

public sealed class LiveTrainingTests : IDisposable
{
    private static readonly AtomsOptions s_short = new()
    {
        Steps = 60, BatchSize = 64, Width = [48], TargetL0 = [3], EvaluateEvery = 20, CheckpointEvery = 20, Live = true, BufferRows = 1000,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_interrupted_run_goes_on_bit_for_bit()
    {
        using var model = Clock();
        var whole = Train(model, "whole", s_short);
        var options = s_short with { StateFolder = At("states") };
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(model, "first", options, new Canceller(source, 47), source.Token));
        Assert.Single(Directory.EnumerateFiles(At("states")));
        var resumed = Train(model, "second", options with { Resume = true });
        Assert.Equal(whole.Weights, resumed.Weights);
        Assert.Equal(whole.Result.History, resumed.Result.History);
        Assert.Equal(60L * 64, resumed.Result.StreamedRows);
    }

    [Fact]
    public void Two_on_one_stream_equal_the_two_trained_alone()
    {
        using var model = Clock();
        AtomsAnalysis.Run(new AtomsInput(null, model, null, At("both")), s_short with { Width = [48, 80], Architecture = [TrainedArchitecture.JumpRelu, TrainedArchitecture.TopK] });
        foreach (var width in new[] { 48, 80 })
        {
            foreach (var (architecture, name) in new[] { (TrainedArchitecture.JumpRelu, "jump-relu"), (TrainedArchitecture.TopK, "top-k") })
            {
                var alone = Train(model, $"{name}{width}", s_short with { Width = [width], Architecture = [architecture] });
                Assert.Equal(alone.Weights, File.ReadAllBytes(Path.Combine(At("both"), $"{name}-w{width}-l3-s1", "sae_weights.safetensors")));
            }
        }
    }

    [Fact]
    public void A_transcoder_trains_on_both_hooks_of_the_running_model()
    {
        using var model = Clock();
        var options = s_short with { Hook = "blocks.0.ln2.hook_normalized", TargetHook = "blocks.0.hook_mlp_out" };
        if (model.HookPoints.All(point => point.Name != options.Hook))
        {
            options = options with { Hook = "blocks.0.hook_resid_mid" };
        }

        var result = AtomsAnalysis.Run(new AtomsInput(null, model, null, At("out")), options with { Steps = 400 });
        Assert.Equal("blocks.0.hook_mlp_out", result.TargetHook);
        Assert.InRange(result.HeldOutExplainedVariance, 0.05, 1);
    }

    [Fact]
    public void A_state_of_stored_rows_is_not_taken_for_one_of_a_stream()
    {
        using var model = Clock();
        var options = s_short with { StateFolder = At("states") };
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(model, "first", options with { Live = false }, new Canceller(source, 30), source.Token));
        Assert.Contains("other activations", Assert.Throws<InterpException>(() => Train(model, "second", options with { Resume = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_model_there_is_nothing_to_stream()
    {
        SyntheticFeatures.Write(At("store"), 500, 12, 20, 3).Dispose();
        using var store = ActivationStore.Open(At("store"));
        Assert.Contains("--live", Assert.Throws<InterpException>(() => AtomsAnalysis.Run(store, At("out"), s_short)).Message, StringComparison.Ordinal);
        Assert.Contains("--live", Assert.Throws<InterpException>(() => AtomsAnalysis.Run(new AtomsInput(At("store"), null, null, At("out")), s_short)).Message, StringComparison.Ordinal);
    }

    private (byte[] Weights, AtomsResult Result) Train(LanguageModel model, string name, AtomsOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        var result = AtomsAnalysis.Run(new AtomsInput(null, model, null, At(name)), options, progress, cancellation);
        return (File.ReadAllBytes(Path.Combine(At(name), "sae_weights.safetensors")), result);
    }

    private static LanguageModel Clock() => LanguageModel.Load(Checkout.PathOf("models", "clock-59"));

    private string At(string name) => Path.Combine(_folder, name);

    private sealed class Canceller(CancellationTokenSource source, long after) : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
            if (value.Unit == "steps" && value.Done == after)
            {
                source.Cancel();
            }
        }
    }
}
