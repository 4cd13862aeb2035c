using Interp.Analysis.Lenses;
using Interp.Analysis.Lenses.Tuned;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Lenses.Tuned;

public sealed class TunedLensTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-").FullName;
    private readonly LanguageModel _clock = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));

    private static TunedLensOptions Options { get; } = new() { Steps = 12, BatchTokens = 600, LearningRate = 1e-2, HeldOutBatches = 2, CheckpointEvery = 5 };

    public void Dispose()
    {
        _clock.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Maps_that_change_nothing_make_the_logit_lens()
    {
        using var lens = TunedLens.Identity(_clock);
        using var ids = tensor(new long[] { 3, 14, 59, 7, 7, 59 }, 2, 3);
        using var tuned = lens.Compute(_clock, ids);
        using var plain = LogitLens.Compute(_clock, ids);
        Assert.True(tuned.equal(plain).all().ToBoolean());
    }

    [Fact]
    public void Training_brings_every_layer_nearer_to_the_final_prediction()
    {
        using var model = LanguageModel.Load(SharedFiles.Require("models", "trained", "stories260K"));
        var input = new TunedLensInput(model, SharedFiles.Require("corpora", "tinyshakespeare.txt"), Path.Combine(_folder, "a"));
        var result = TunedLensAnalysis.Run(input, Options with { Steps = 40, Context = 64 });
        Assert.Equal(model.Config.LayerCount, result.TunedLensNats.Length);
        Assert.All(result.LogitLensNats.Zip(result.TunedLensNats), pair => Assert.True(pair.Second < 0.8 * pair.First, $"{pair.First} to {pair.Second}"));
        Assert.True(result.History[^1].LossNats < 0.5 * result.History[0].LossNats);
        using var lens = TunedLens.Load(Path.Combine(_folder, "a"), model);
        Assert.Equal(model.Name, lens.Model);
        Assert.Equal(2, TunedLensFigures.Draw(result).Count);
    }

    [Fact]
    public void The_measured_divergence_is_that_of_its_definition()
    {
        var result = Train("a", Options with { Steps = 1, HeldOutBatches = 1 });
        using var scope = NewDisposeScope();
        var pairs = Enumerable.Range(0, 200).SelectMany(at => new long[] { at / 59, at % 59, 59 }).ToArray();
        var ids = tensor(pairs, 200, 3);
        using var run = _clock.Run(ids);
        var final = run.Logits!.to(ScalarType.Float64).softmax(-1);
        var lens = LogitLens.Compute(_clock, ids)[0].to(ScalarType.Float64).softmax(-1);
        var expected = (final * (final.log() - lens.log())).sum(-1).mean().ToDouble();
        Assert.Equal(expected, result.LogitLensNats[0], 4);
    }

    [Fact]
    public void A_stopped_run_goes_on_to_the_same_bits()
    {
        var whole = Train("whole", Options);
        using var source = new CancellationTokenSource();
        var steps = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => TunedLensAnalysis.Run(
            new TunedLensInput(_clock, null, Path.Combine(_folder, "cut")), Options, new Stop(() => { if (++steps == 7) { source.Cancel(); } }), source.Token));
        var resumed = Train("cut", Options with { Resume = true });
        Assert.Equal(whole.TunedLensNats, resumed.TunedLensNats);
        Assert.Equal(whole.History, resumed.History);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "whole", "params.safetensors")), File.ReadAllBytes(Path.Combine(_folder, "cut", "params.safetensors")));
        Assert.False(File.Exists(Path.Combine(_folder, "cut", "tuned-lens-state.safetensors")));
        Assert.Throws<InterpException>(() =>
        {
            using var again = new CancellationTokenSource();
            var count = 0;
            try
            {
                TunedLensAnalysis.Run(new TunedLensInput(_clock, null, Path.Combine(_folder, "other")), Options, new Stop(() => { if (++count == 6) { again.Cancel(); } }), again.Token);
            }
            catch (OperationCanceledException)
            {
                Train("other", Options with { Resume = true, LearningRate = 2e-2 });
            }
        });
    }

    [Fact]
    public void A_lens_of_another_model_or_a_damaged_one_is_refused_in_one_line()
    {
        Train("a", Options with { Steps = 1 });
        using var gpt2 = LanguageModel.Load(Checkout.PathOf("tests", "Interp.Models.Tests", "Data", "tiny", "gpt2"));
        var folder = Path.Combine(_folder, "a");
        Assert.Contains("another unembedding", Assert.Throws<InterpException>(() => TunedLens.Load(folder, gpt2)).Message, StringComparison.Ordinal);
        LiveTensors.AssertNoGrowth(() => Assert.ThrowsAny<InterpException>(() => TunedLens.Load(folder, gpt2, LensMatch.Forced)));
        File.WriteAllText(Path.Combine(folder, "config.json"), "{");
        Assert.Throws<InterpException>(() => TunedLens.Load(folder, _clock));
        Assert.ThrowsAny<InterpException>(() => TunedLens.Load(_folder, _clock));
    }

    [Fact]
    public void A_pickled_lens_reads_as_the_safe_one()
    {
        Train("a", Options with { Steps = 2 });
        var folder = Path.Combine(_folder, "a");
        using var scope = NewDisposeScope();
        var tensors = new List<(string, Tensor)>();
        using (var file = SafetensorsFile.Open(Path.Combine(folder, "params.safetensors")))
        {
            tensors.AddRange(file.Entries.Keys.Select(name => (name, file.Read(name))));
        }

        TorchFileWriter.Write(Path.Combine(folder, "params.pt"), tensors);
        var ids = tensor(new long[] { 3, 14, 59 }, 1, 3);
        using var safe = TunedLens.Load(folder, _clock);
        File.Delete(Path.Combine(folder, "params.safetensors"));
        using var pickled = TunedLens.Load(folder, _clock);
        Assert.True(safe.Compute(_clock, ids).equal(pickled.Compute(_clock, ids)).all().ToBoolean());
    }

    [Fact]
    public void Training_keeps_no_tensor()
    {
        LiveTensors.AssertNoGrowth(() => Train("a", Options with { Steps = 2 }));
        using var lens = TunedLens.Load(Path.Combine(_folder, "a"), _clock);
        using var ids = tensor(new long[] { 3, 14, 59 }, 1, 3);
        LiveTensors.AssertNoGrowth(() =>
        {
            using var logits = lens.Compute(_clock, ids);
        });
    }

    private TunedLensResult Train(string name, TunedLensOptions options) =>
        TunedLensAnalysis.Run(new TunedLensInput(_clock, null, Path.Combine(_folder, name)), options);

    private sealed class Stop(Action act) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => act();
    }
}
