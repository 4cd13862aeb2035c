using Interp.Compute;
using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private static readonly ModularAdditionShape s_shape = new(Modulus: 7, Width: 8, HeadCount: 2, MlpWidth: 12);

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-trainer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void The_same_seed_gives_the_same_weights_bit_for_bit(int batchSize)
    {
        var options = new TrainingOptions { Steps = 30, BatchSize = batchSize, EvaluateEvery = 10 };
        var (first, history) = Train(options);
        var (second, again) = Train(options);
        Assert.Equal(first, second);
        Assert.Equal(history.History, again.History);
    }

    [Fact]
    public void Another_seed_takes_the_batches_in_another_order()
    {
        var options = new TrainingOptions { Steps = 10, BatchSize = 5 };
        Assert.NotEqual(Train(options).Weights, Train(options with { Seed = 2 }).Weights);
    }

    [Theory]
    [InlineData(0, 17)]
    [InlineData(5, 17)]
    [InlineData(5, 4)]
    [InlineData(24, 12)]
    public void A_run_cancelled_and_resumed_ends_with_the_bytes_of_one_that_was_not(int batchSize, int cancelledAt)
    {
        var options = new TrainingOptions { Steps = 40, BatchSize = batchSize, EvaluateEvery = 8 };
        var (whole, wholeResult) = Train(options);

        var policy = new CheckpointPolicy { Folder = _folder, EverySteps = 1000 };
        using var source = new CancellationTokenSource();
        var stop = new Reporter(report =>
        {
            if (report.Done == cancelledAt)
            {
                source.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Train(options, policy, stop, source.Token));
        long? firstResumed = null;
        var (resumed, resumedResult) = Train(options, policy, new Reporter(report => firstResumed ??= report.Done));

        Assert.Equal(cancelledAt + 1, firstResumed);
        Assert.Equal(whole, resumed);
        Assert.Equal(wholeResult.History, resumedResult.History);
        Assert.Equal(wholeResult.MemorizedStep, resumedResult.MemorizedStep);
    }

    [Fact]
    public void A_run_that_died_goes_on_from_its_last_checkpoint()
    {
        var options = new TrainingOptions { Steps = 40, BatchSize = 5 };
        var whole = Train(options).Weights;
        var policy = new CheckpointPolicy { Folder = _folder, EverySteps = 6 };
        var crash = new Reporter(report =>
        {
            if (report.Done == 20)
            {
                throw new InvalidOperationException("the power went");
            }
        });
        Assert.Throws<InvalidOperationException>(() => Train(options, policy, crash));
        long? firstResumed = null;
        var resumed = Train(options, policy, new Reporter(report => firstResumed ??= report.Done)).Weights;
        Assert.Equal(19, firstResumed);
        Assert.Equal(whole, resumed);
        Assert.Equal(["training-state.safetensors"], Directory.EnumerateFileSystemEntries(_folder).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void A_finished_run_may_be_given_more_steps()
    {
        var options = new TrainingOptions { Steps = 40, EvaluateEvery = 10 };
        var policy = new CheckpointPolicy { Folder = _folder };
        _ = Train(options with { Steps = 20 }, policy);
        var (weights, result) = Train(options, policy);
        Assert.Equal(Train(options).Weights, weights);
        Assert.Equal([10, 20, 30, 40], result.History.Select(point => point.Step));
    }

    [Fact]
    public void Replace_starts_again_from_the_initial_weights()
    {
        var options = new TrainingOptions { Steps = 5 };
        var policy = new CheckpointPolicy { Folder = _folder };
        _ = Train(options, policy);
        long? first = null;
        _ = Train(options, policy with { Existing = ExistingState.Replace }, new Reporter(report => first ??= report.Done));
        Assert.Equal(1, first);
    }

    [Fact]
    public void A_state_of_other_options_is_refused_in_one_line()
    {
        var policy = new CheckpointPolicy { Folder = _folder };
        _ = Train(new TrainingOptions { Steps = 5 }, policy);
        var failure = Assert.Throws<InterpException>(() => Train(new TrainingOptions { Steps = 5, LearningRate = 0.5 }, policy));
        Assert.Contains("other options", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_off_state_is_refused_and_named()
    {
        var policy = new CheckpointPolicy { Folder = _folder };
        var options = new TrainingOptions { Steps = 5 };
        _ = Train(options, policy);
        var file = Path.Combine(_folder, "training-state.safetensors");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^10]);
        var failure = Assert.ThrowsAny<InterpException>(() => Train(options, policy));
        Assert.Contains("training-state.safetensors", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_countdown_starts_when_the_target_is_first_seen()
    {
        var options = new TrainingOptions { Steps = 1000, EvaluateEvery = 7, TargetAccuracy = 0, StepsAfterTarget = 10 };
        var result = Train(options).Result;
        Assert.Equal(17, result.Steps);
        Assert.Equal(StopReason.TargetReached, result.Stopped);
        Assert.Equal([7, 14, 17], result.History.Select(point => point.Step));
        Assert.Equal(7, result.FirstStepAt(0));

        var cut = Train(options with { Steps = 15 }).Result;
        Assert.Equal(15, cut.Steps);
        Assert.Equal(StopReason.AllStepsTaken, cut.Stopped);
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_the_run_with_advice()
    {
        var failure = Assert.Throws<InterpException>(() => Train(new TrainingOptions { Steps = 500, LearningRate = 10, WeightDecay = 1000, WarmupSteps = 0 }));
        Assert.Contains("lower the learning rate", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_leaves_no_tensors_behind_and_no_gradients_recorded()
    {
        using var scope = NewDisposeScope();
        var parameters = s_shape.Initialize(ModularAdditionSplit.RandomFor(1));
        using var objective = new ModularAdditionObjective(s_shape, parameters, ModularAdditionSplit.Create(7, 0.5, 1));
        var options = new TrainingOptions { Steps = 6, EvaluateEvery = 2, BatchSize = 5 };
        var policy = new CheckpointPolicy { Folder = _folder, EverySteps = 2, Existing = ExistingState.Replace };
        _ = Trainer.Run(objective, options, policy);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = Trainer.Run(objective, options, policy);
        _ = Trainer.Run(objective, options, policy with { Existing = ExistingState.Resume });
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.All(parameters.Values, parameter => Assert.False(parameter.requires_grad));
        DisposeAll(parameters);
    }

    private static (byte[] Weights, TrainingResult Result) Train(
        TrainingOptions options, CheckpointPolicy? policy = null, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        var parameters = s_shape.Initialize(ModularAdditionSplit.RandomFor(4));
        try
        {
            using var objective = new ModularAdditionObjective(s_shape, parameters, ModularAdditionSplit.Create(7, 0.5, seed: 4));
            var result = Trainer.Run(objective, options, policy, progress, cancellation);
            return ([.. parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value.bytes.ToArray())], result);
        }
        finally
        {
            DisposeAll(parameters);
        }
    }

    private static void DisposeAll(Dictionary<string, Tensor> parameters)
    {
        foreach (var parameter in parameters.Values)
        {
            parameter.Dispose();
        }
    }

    private sealed class Reporter(Action<StepProgress> action) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => action(value);
    }
}
