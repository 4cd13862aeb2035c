using Interp.Compute;
using Interp.Models.Checkpoints;
using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Training;

public sealed class TrainableModelTests
{
    private static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "Data", "tiny", name);

    private static Tensor Ids() => tensor(new long[] { 5, 3, 9, 1, 7, 2, 2, 8 }, 2, 4);

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Logits_are_those_of_the_loaded_model(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = LanguageModel.Load(Folder(name));
        using var live = TrainableModel.Load(Folder(name));
        using var run = model.Run(Ids());
        Assert.True(run.Logits!.allclose(live.Logits(Ids()), 0, 1e-5));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Every_weight_has_the_gradient_that_a_small_change_shows(string name)
    {
        using var scope = NewDisposeScope();
        using var live = TrainableModel.Load(Folder(name), new ModelLoadOptions { Dtype = ScalarType.Float64 });
        var used = live.Tensors.Where(pair => !(pair.Key == "lm_head.weight" && live.Config.IsHeadTied)).ToDictionary();
        foreach (var tensor in used.Values)
        {
            tensor.requires_grad_(true);
        }

        Tensor Loss() => live.Logits(Ids()).log_softmax(-1).select(-1, 4).sum();
        var gradients = autograd.grad([Loss()], [.. used.Values]);
        using var noGradient = no_grad();
        foreach (var (pair, gradient) in used.Zip(gradients))
        {
            // Along the gradient itself the loss changes by its squared length.
            const double Step = 1e-6;
            var length = gradient.norm().ToDouble();
            Assert.True(length > 0, $"{pair.Key} has no gradient");
            var before = Loss().ToDouble();
            pair.Value.add_(gradient * (Step / length));
            var after = Loss().ToDouble();
            pair.Value.sub_(gradient * (Step / length));
            Assert.Equal(length, (after - before) / Step, length * 1e-3);
        }
    }

    [Fact]
    public void A_weight_can_be_exchanged_while_logits_are_computed()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var live = TrainableModel.Load(Folder("llama"));
        var name = live.Tensors.Keys.First(key => key.EndsWith("o_proj.weight", StringComparison.Ordinal));
        var before = live.Logits(Ids());
        var changed = live.Logits(Ids(), (key, weight) => key == name ? weight * 2 : weight);
        live.Tensors[name].mul_(2);
        Assert.False(before.allclose(changed));
        Assert.True(changed.allclose(live.Logits(Ids()), 0, 1e-6));
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused_and_freed()
    {
        using var scope = NewDisposeScope();
        var weight = zeros(3, 4).DetachFromDisposeScope();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Throws<CheckpointException>(() => TrainableModel.Create(new Dictionary<string, object?> { ["model_type"] = "unheard-of" }, new Dictionary<string, Tensor> { ["w"] = weight }));
        Assert.Equal(before - 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Training_a_checkpoint_on_a_text_lowers_its_loss_and_leaves_no_tensors()
    {
        void Train()
        {
            using var live = TrainableModel.Load(Folder("gpt2"));
            using var rows = TokenRows.FromStream([.. Enumerable.Range(0, 97).Select(i => i * i % 11)], 8);
            var objective = new TokenObjective(live.Tensors.Where(pair => pair.Key != "lm_head.weight").ToDictionary(), ids => live.Logits(ids), rows, rows);
            var before = objective.Evaluate();
            _ = Trainer.Run(objective, new TrainingOptions { Steps = 30, BatchSize = 4, EvaluateEvery = 30, LearningRate = 3e-3, WeightDecay = 0 });
            var after = objective.Evaluate();
            Assert.True(after.Loss < before.Loss - 0.5, $"{before.Loss} to {after.Loss}");
        }

        Train();
        var count = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Train();
        Assert.Equal(count, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
