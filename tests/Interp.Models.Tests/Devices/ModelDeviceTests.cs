using Interp.Models.Checkpoints;
using Interp.Models.Hooks;
using Interp.Models.Hooks.Interventions;
using Interp.Models.Streams;
using Interp.Models.Training.FineTuning;
using Interp.Models.Weights;
using Interp.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Devices;

/// <summary>What is done with a model besides running it, on a device that is not the CPU: the numbers are the CPU's.</summary>
public sealed class ModelDeviceTests : IDisposable
{
    /// <summary>Float32 rounding of other kernels over a few layers.</summary>
    private const double Tolerance = 5e-5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Adapters_act_merged_and_live(string family)
    {
        var adapter = TinyModels.Folder($"{family}-lora");
        var there = OtherDevice.Require();
        using var scope = NewDisposeScope();
        var ids = TinyModels.Ids([1, 2, 3, 4]);
        using var merged = LanguageModel.Load(TinyModels.Folder(family), new ModelLoadOptions { Adapter = adapter });
        using var expected = merged.Run(ids);
        using var mergedThere = LanguageModel.Load(TinyModels.Folder(family), new ModelLoadOptions { Adapter = adapter, Device = there });
        using var model = LanguageModel.Load(TinyModels.Folder(family), new ModelLoadOptions { Device = there });
        using var attached = model.Attach(adapter, "tuned");
        using var live = model.Run(ids, new RunOptions { Capture = HookFilter.Names(attached.HookNames) });
        using var whole = mergedThere.Run(ids);
        AssertSame([expected.Logits!, expected.Logits!], [live.Logits!, whole.Logits!]);
    }

    [Fact]
    public void Every_intervention_changes_what_it_changes_on_the_CPU()
    {
        var there = OtherDevice.Require();
        using var scope = NewDisposeScope();
        var ids = TinyModels.Ids([1, 2, 3, 4, 5], [9, 30, 7, 7, 2]);
        var reference = Path.Combine(_folder.Path, "reference.safetensors");
        SafetensorsWriter.Write(reference, new Dictionary<string, Tensor> { ["input_ids"] = TinyModels.Ids([5, 6, 7, 8, 9], [4, 4, 1, 2, 3]) });
        using var here = LanguageModel.Load(TinyModels.Folder("llama"));
        using var other = LanguageModel.Load(TinyModels.Folder("llama"), new ModelLoadOptions { Device = there });
        IReadOnlyList<double>[] directions = [[.. Enumerable.Range(0, here.Config.Width).Select(i => Math.Sin(i + 1))]];
        Tensor[] Logits(LanguageModel model) =>
        [
            .. Enum.GetValues<InterventionKind>().Select(kind =>
            {
                var needs = kind is InterventionKind.Steer or InterventionKind.Project or InterventionKind.ScaleSubspace or InterventionKind.SwapSubspace;
                var record = new Intervention
                {
                    Target = "resid_pre1", Operation = kind, Strength = 0.5, Positions = HookPositions.At(1, -1), Seed = 3,
                    Reference = kind == InterventionKind.Freeze ? null : reference, Directions = needs ? directions : null,
                };
                using var prepared = InterventionRun.Prepare(model, ids, [record]);
                using var run = model.Run(ids, new RunOptions { Hooks = prepared.Hooks });
                return run.Logits!.alias();
            }),
        ];
        AssertSame(Logits(here), Logits(other));
    }

    [Fact]
    public void The_stream_is_taken_apart_and_weights_are_read()
    {
        using var scope = NewDisposeScope();
        var ids = TinyModels.Ids([1, 2, 3, 4, 5]);
        using var here = LanguageModel.Load(TinyModels.Folder("gpt2"));
        using var there = LanguageModel.Load(TinyModels.Folder("gpt2"), new ModelLoadOptions { Device = OtherDevice.Require() });
        Tensor[] Values(LanguageModel model)
        {
            using var run = model.Run(ids, new RunOptions { Capture = ResidualReader.Needed(model), CapturePositions = HookPositions.Last });
            var reader = new ResidualReader(model, run.Cache);
            var parts = reader.FullDecomposition(expandNeurons: true);
            using var product = model.OutputValue(1, 0);
            var (u, s, v) = product.Svd();
            return
            [
                reader.LogitAttribution(parts, 3, 5), reader.AccumulatedResidual(applyNorm: true).Values, reader.HeadResults().Values, model.Stacked("attn.W_Q"),
                model.AccumulatedBias(1), s, u.matmul(s.diag()).matmul(v.t()),
            ];
        }

        AssertSame(Values(here), Values(there));
        Assert.Equal(here.CompositionScores(Composition.Key).Cast<double>(), there.CompositionScores(Composition.Key).Cast<double>(), (a, b) => Math.Abs(a - b) < Tolerance);
        using var turned = there.QueryKey(0, 0, offset: 0);
        Assert.Equal(there.Device.type, turned.Left.device_type);
    }

    [Theory]
    [InlineData(FineTuneMethod.Full)]
    [InlineData(FineTuneMethod.Lora)]
    [InlineData(FineTuneMethod.Mps)]
    public void Tuning_gives_the_losses_of_the_CPU_and_the_same_files(FineTuneMethod method)
    {
        var there = OtherDevice.Require();
        var text = Path.Combine(_folder.Path, "text.txt");
        File.WriteAllText(text, string.Join('\n', Enumerable.Range(0, 60).Select(i => i * 7 % 56).Select(start => $"{start} {start + 1} {start + 2}")));
        var options = new FineTuneOptions
        {
            Method = method, Rows = TextRows.Lines, Length = 3, Steps = 3, BatchSize = 8, EvaluateEvery = 3, CheckpointEvery = 2, Rank = 2, Targets = ["all-linear"], LearningRate = 1e-2,
        };
        var expected = FineTuneRun.Run(TinyModels.Clock, text, Path.Combine(_folder.Path, "here"), options);
        var found = FineTuneRun.Run(TinyModels.Clock, text, Path.Combine(_folder.Path, "there"), options, there);
        Assert.Equal(expected.EvaluationLossBefore, found.EvaluationLossBefore, 1e-4);
        Assert.Equal(expected.EvaluationLoss, found.EvaluationLoss, 1e-3);
        Assert.Equal(
            Directory.EnumerateFiles(Path.Combine(_folder.Path, "here")).Select(Path.GetFileName).Order(),
            Directory.EnumerateFiles(Path.Combine(_folder.Path, "there")).Select(Path.GetFileName).Order());
    }

    private static void AssertSame(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> found)
    {
        var values = OtherDevice.Bring(found);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(OtherDevice.Require().type, found[i].device_type);
            Assert.InRange(TinyModels.Difference(values[i], expected[i].to(ScalarType.Float64)) / TinyModels.Scale(expected[i]), 0, Tolerance);
        }
    }
}
