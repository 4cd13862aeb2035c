using System.Text.Json;
using Interp.Compute;
using Interp.Models.Training.FineTuning;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Training.FineTuning;

public sealed class FineTuneRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FineTuneRunTests()
    {
        // Counting up: what the clock, which adds, has not learnt.
        var lines = Enumerable.Range(0, 200).Select(i => i * 7 % 56).Select(start => $"{start} {start + 1} {start + 2}");
        File.WriteAllText(At("text.txt"), string.Join('\n', lines));
    }

    private static FineTuneOptions Small { get; } = new()
    {
        Rows = TextRows.Lines, Length = 3, Steps = 12, BatchSize = 8, EvaluateEvery = 4, CheckpointEvery = 5, Rank = 2, Targets = ["all-linear"], LearningRate = 1e-2, SaveEvery = 6,
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FineTuneMethod.Full)]
    [InlineData(FineTuneMethod.Lora)]
    [InlineData(FineTuneMethod.Mps)]
    public void The_loss_falls_and_the_folder_holds_what_was_trained(FineTuneMethod method)
    {
        var result = Tune("out", Small with { Method = method, Merge = method != FineTuneMethod.Full });
        Assert.True(result.EvaluationLoss < result.EvaluationLossBefore);
        Assert.Equal(12, result.Steps);
        var written = JsonDocument.Parse(File.ReadAllText(At("out/finetune.json"))).RootElement;
        Assert.Equal(result.EvaluationLoss, written.GetProperty("evaluationLoss").GetDouble());
        Assert.Equal(method.ToString().ToLowerInvariant(), written.GetProperty("method").GetString());
        Assert.False(Directory.Exists(At("out.training")));
        Assert.Equal(["000006", "000012"], Directory.GetDirectories(At("out/steps")).Select(Path.GetFileName).Order());
        using var tuned = method == FineTuneMethod.Full ? LanguageModel.Load(At("out")) : LanguageModel.Load(TinyModels.Clock, new ModelLoadOptions { Adapter = At("out") });
        using var last = method == FineTuneMethod.Full ? LanguageModel.Load(At("out")) : LanguageModel.Load(At("out/merged"));
        using var ids = tensor(new long[,] { { 3, 5, 58 } });
        using var run = tuned.Run(ids);
        using var again = last.Run(ids);
        Assert.InRange(TinyModels.Difference(run.Logits!, again.Logits!), 0, 1e-5);
    }

    [Theory]
    [InlineData(FineTuneMethod.Full)]
    [InlineData(FineTuneMethod.Lora)]
    public void A_killed_run_goes_on_bit_for_bit(FineTuneMethod method)
    {
        var options = Small with { Method = method, Accumulate = 2, Schedule = Interp.Models.Training.LearningRateSchedule.Linear };
        Tune("whole", options);

        // Death at step 8: the last state is that of step 5, as an exception other than a cancellation saves nothing.
        Assert.Throws<InvalidOperationException>(() => Tune("killed", options, new Killer(8)));
        Tune("killed", options);
        foreach (var file in Directory.EnumerateFiles(At("whole"), "*", SearchOption.AllDirectories))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(At("killed"), Path.GetRelativePath(At("whole"), file))));
        }
    }

    [Fact]
    public void A_run_begun_with_other_settings_is_not_gone_on_with()
    {
        Assert.Throws<InvalidOperationException>(() => Tune("out", Small, new Killer(6)));
        var message = Assert.Throws<InterpException>(() => Tune("out", Small with { Rank = 3 })).Message;
        Assert.Contains("rank 2, not 3", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_and_folders_that_do_not_do_are_refused_in_one_line()
    {
        File.WriteAllText(At("short.txt"), "1");
        Assert.Contains("row", Assert.Throws<InterpException>(() => FineTuneRun.Run(TinyModels.Clock, At("short.txt"), At("out"), Small)).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<InterpException>(() => FineTuneRun.Run(TinyModels.Clock, At("none.txt"), At("out"), Small)).Message, StringComparison.Ordinal);
        Assert.Contains("no tokenizer", Assert.Throws<InterpException>(() => FineTuneRun.Run(TinyModels.Folder("llama"), At("text.txt"), At("out"), Small)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(At("taken"));
        File.WriteAllText(At("taken/file"), "");
        Assert.Contains("exists already", Assert.Throws<InterpException>(() => Tune("taken", Small)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var run = 0;
        LiveTensors.AssertNoGrowth(() => Tune($"out{run++}", Small with { Steps = 2 }));
    }

    private FineTuneResult Tune(string name, FineTuneOptions options, IProgress<StepProgress>? progress = null) =>
        FineTuneRun.Run(TinyModels.Clock, At("text.txt"), At(name), options, progress: progress);

    /// <summary>Stops a run from within, as a crash does.</summary>
    private sealed class Killer(int step) : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
            if (value.Done == step)
            {
                throw new InvalidOperationException("killed");
            }
        }
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
