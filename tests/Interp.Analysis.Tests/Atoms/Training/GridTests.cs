using Interp.Analysis.Activations;
using Interp.Analysis.Atoms;
using Interp.Analysis.Atoms.Formats;
using Interp.Analysis.Atoms.Training;
using Interp.Compute;
using TorchSharp;

namespace Interp.Analysis.Tests.Atoms.Training;

/// <summary>Many dictionaries on one stream, of every architecture.</summary>
public sealed class GridTests : IDisposable
{
    private static readonly AtomsOptions s_short = new() { Steps = 60, BatchSize = 64, TargetL0 = [3], EvaluateEvery = 20, CheckpointEvery = 20, DeadAfterRows = 64 * 9 };
    private static readonly TrainedArchitecture[] s_all = Enum.GetValues<TrainedArchitecture>();

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public static TheoryData<TrainedArchitecture> Architectures => [.. s_all];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Dictionaries_trained_side_by_side_equal_those_trained_alone_bit_for_bit()
    {
        using var store = Store();
        var together = AtomsAnalysis.Run(store, At("grid"), s_short with { Width = [24, 40], Architecture = s_all, Seed = [1, 2] });
        Assert.Equal(24, together.Grid.Count);
        Assert.Equal(together.HeldOutExplainedVariance, together.Grid[0].HeldOutExplainedVariance);
        foreach (var row in together.Grid.Where((row, i) => i % 5 == 0 || row.Architecture == TrainedArchitecture.JumpRelu))
        {
            AtomsAnalysis.Run(store, At("alone"), s_short with { Width = [row.Width], Architecture = [row.Architecture], Seed = [row.Seed] });
            AssertSameWeights(At("alone"), At("grid", row.Name));
            Assert.True(File.Exists(At("grid", row.Name, "metrics.json")));
            Directory.Delete(At("alone"), recursive: true);
        }
    }

    [Fact]
    public void Parts_of_a_grid_trained_apart_merge_into_the_same_bytes()
    {
        using var store = Store();
        var options = s_short with { Width = [24, 40, 32], Architecture = [TrainedArchitecture.JumpRelu, TrainedArchitecture.BatchTopK] };
        var whole = AtomsAnalysis.Run(store, At("whole"), options);
        var parts = Enumerable.Range(1, 4).Reverse().Select(part => $"{part}/4").Select(part =>
            (part, At(part[..1]), AtomsAnalysis.Run(store, At(part[..1]), options with { Only = part }))).ToArray();
        Assert.Equal([1, 1, 2, 2], parts.Select(part => part.Item3.Grid.Count));
        var merged = AtomsMerge.Run(parts, At("merged"));
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(whole, ResultJson.Options), System.Text.Json.JsonSerializer.Serialize(merged, ResultJson.Options));
        var files = Directory.EnumerateFiles(At("whole"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(At("whole"), file)).Order().ToArray();
        Assert.Equal(18, files.Length);
        Assert.Equal(files, Directory.EnumerateFiles(At("merged"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(At("merged"), file)).Order());
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(At("whole", file)), File.ReadAllBytes(At("merged", file))));
        Assert.Contains("part 2/4 is missing", Assert.Throws<InterpException>(() => AtomsMerge.Run([parts[0], parts[1], parts[3]], At("short"))).Message, StringComparison.Ordinal);
        Assert.Contains("at most that many parts", Assert.Throws<InterpException>(() => AtomsAnalysis.Run(store, At("x"), options with { Only = "1/7" })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_architecture_goes_on_bit_for_bit_saves_what_it_trained_and_leaves_nothing_alive(TrainedArchitecture architecture)
    {
        using var store = Store();
        var options = s_short with { Architecture = [architecture], Width = [24] };
        var result = AtomsAnalysis.Run(store, At("whole"), options);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => AtomsAnalysis.Run(store, At("half"), options, new Reporter(step =>
        {
            if (step == 47)
            {
                source.Cancel();
            }
        }), source.Token));
        var resumed = AtomsAnalysis.Run(store, At("half"), options with { Resume = true });
        AssertSameWeights(At("whole"), At("half"));
        Assert.Equal(result.History, resumed.History);
        using (var dictionary = SparseAutoencoder.Load(At("whole")))
        {
            var expected = architecture switch
            {
                TrainedArchitecture.TopK => DictionaryArchitecture.TopK,
                TrainedArchitecture.Gated => DictionaryArchitecture.Gated,
                TrainedArchitecture.Relu => DictionaryArchitecture.Standard,
                _ => DictionaryArchitecture.JumpRelu,
            };
            Assert.Equal(expected, dictionary.Info.Architecture);
            Assert.Equal(1, dictionary.DecoderDirections.norm(1).max().item<float>(), 1e-5);
            // What training evaluated last is what the saved dictionary does on unscaled rows.
            Assert.Equal(result.History[^1].HeldOutExplainedVariance, result.HeldOutExplainedVariance, 1e-4);
            Assert.Equal(architecture == TrainedArchitecture.Matryoshka, dictionary.Info.NestedWidths is not null);
        }

        LiveTensors.AssertNoGrowth(() => AtomsAnalysis.Run(store, At("leak"), options with { Steps = 3, CheckpointEvery = 1 }));
    }

    [Theory]
    [InlineData(TrainedArchitecture.TopK, 0.85)]
    [InlineData(TrainedArchitecture.BatchTopK, 0.85)]
    [InlineData(TrainedArchitecture.Matryoshka, 0.7)]
    [InlineData(TrainedArchitecture.Gated, 0.7)]
    [InlineData(TrainedArchitecture.Relu, 0.5)]
    public void Every_architecture_learns_a_sparse_mixture_at_the_wanted_number_of_latents(TrainedArchitecture architecture, double explained)
    {
        SyntheticFeatures.Write(At("store"), rows: 6000, width: 16, directions: 24, active: 3).Dispose();
        using var store = ActivationStore.Open(At("store"));
        var result = AtomsAnalysis.Run(store, At("out"), new AtomsOptions { Architecture = [architecture], Width = [48], TargetL0 = [3], Steps = 1000, BatchSize = 256, EvaluateEvery = 500 });
        Assert.InRange(result.HeldOutExplainedVariance, explained, 1);
        Assert.InRange(result.HeldOutL0, 2.5, 3.5);
    }

    [Fact]
    public void Transcoders_map_one_hook_to_another_with_and_without_a_skip_connection()
    {
        // The target is a linear map of the input: a skip connection alone can learn it.
        using (var scope = TorchSharp.torch.NewDisposeScope())
        {
            var x = RandomTensor.Normal(2000, 8);
            int[] index = [.. Enumerable.Range(0, 2000)];
            using var writer = ActivationWriter.Create(At("store"), [new("in", 8), new("out", 6)], new ActivationOrigin());
            writer.Add([x, (x.matmul(RandomTensor.Normal(8, 6, 2)) * 3) + 5], index, index, index);
            writer.Complete();
        }

        using var store = ActivationStore.Open(At("store"), "in");
        foreach (var (architecture, skip, least) in new[] { (TrainedArchitecture.JumpRelu, false, 0.5), (TrainedArchitecture.JumpRelu, true, 0.95), (TrainedArchitecture.TopK, true, 0.95), (TrainedArchitecture.Relu, false, 0.5) })
        {
            var folder = At($"{architecture}-{skip}");
            var result = AtomsAnalysis.Run(store, folder, new AtomsOptions { Architecture = [architecture], TargetHook = "out", Skip = skip, Width = [32], TargetL0 = [4], Steps = 800, BatchSize = 128, EvaluateEvery = 400 });
            Assert.InRange(result.HeldOutExplainedVariance, least, 1);
            Assert.Equal(result.History[^1].HeldOutExplainedVariance, result.HeldOutExplainedVariance, 1e-3);
            using var dictionary = SparseAutoencoder.Load(folder);
            Assert.Equal((8, 6, true, skip), (dictionary.InputWidth, dictionary.OutputWidth, dictionary.Info.IsTranscoder, dictionary.SkipWeights is not null));
            Assert.Equal(architecture == TrainedArchitecture.TopK ? DictionaryFormat.CircuitTracer : DictionaryFormat.SaeLens, dictionary.Info.Format);
        }

        Assert.Contains("gated transcoders", Assert.Throws<InterpException>(() => AtomsAnalysis.Run(store, At("no"), new AtomsOptions { Architecture = [TrainedArchitecture.Gated], TargetHook = "out" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_not_finite_is_told_with_its_row()
    {
        using (var scope = TorchSharp.torch.NewDisposeScope())
        {
            var x = RandomTensor.Normal(50, 8);
            x[17, 3] = float.NaN;
            int[] index = [.. Enumerable.Range(0, 50)];
            using var writer = ActivationWriter.Create(At("store"), [new("h", 8)], new ActivationOrigin());
            writer.Add([x], index, index, index);
            writer.Complete();
        }

        using var store = ActivationStore.Open(At("store"));
        var wrong = Assert.Throws<InterpException>(() => AtomsAnalysis.Run(store, At("out"), s_short with { HeldOutFraction = 0 }));
        Assert.Contains("not all finite (row 17 is the first)", wrong.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("out")));
    }

    [Fact]
    public void Reading_ahead_from_disk_gives_the_batches_of_the_steps()
    {
        using var store = Store();
        using var rows = TrainingRows.Open(store, null, 0.1, 1, torch.CPU, TestContext.Current.CancellationToken);
        using var ahead = new BatchPrefetcher(rows, 32, 5);
        for (var step = 0; step < 5; step++)
        {
            using var expected = rows.Batch(step, 32);
            using var actual = ahead.Take(step);
            Assert.True(expected.Input.equal(actual.Input).all().item<bool>());
        }
    }

    private ActivationStore Store()
    {
        SyntheticFeatures.Write(At("store"), 500, 12, 20, 3).Dispose();
        return ActivationStore.Open(At("store"));
    }

    private static void AssertSameWeights(string expected, string actual) =>
        Assert.Equal(File.ReadAllBytes(Path.Combine(expected, "sae_weights.safetensors")), File.ReadAllBytes(Path.Combine(actual, "sae_weights.safetensors")));

    private string At(params string[] names) => Path.Combine([_folder, .. names]);

    private sealed class Reporter(Action<long> report) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => report(value.Done);
    }
}
