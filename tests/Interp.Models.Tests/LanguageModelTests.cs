using Interp.Compute;
using Interp.Models.Hooks;
using Interp.Models.Tests.Hooks;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests;

public sealed class LanguageModelTests
{
    private static readonly Tensor s_ids = TinyModels.Ids([1, 2, 3, 4, 5], [9, 0, 7, 7, 2]).DetachFromDisposeScope();

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("toy")]
    public void A_row_of_a_batch_equals_the_row_alone(string family)
    {
        using var model = HookSemanticsTests.Open(family);
        using var batch = s_ids.repeat(4, 1);
        using var all = model.Run(batch);
        using var one = model.Run(s_ids.narrow(0, 1, 1));

        // Products of another shape round in another order, by so much of the largest logit.
        Assert.InRange(TinyModels.Difference(all.Logits!.narrow(0, 7, 1), one.Logits!) / TinyModels.Scale(all.Logits!), 0, 1e-5);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Later_tokens_do_not_change_earlier_logits(string family)
    {
        using var model = HookSemanticsTests.Open(family);
        using var whole = model.Run(s_ids);
        using var start = model.Run(s_ids.narrow(1, 0, 3));
        Assert.InRange(TinyModels.Difference(whole.Logits!.narrow(1, 0, 3), start.Logits!), 0, 1e-5);
    }

    [Fact]
    public void Bidirectional_attention_sees_later_tokens()
    {
        using var model = HookSemanticsTests.Open("shortformer");
        using var whole = model.Run(s_ids);
        using var start = model.Run(s_ids.narrow(1, 0, 3));
        Assert.True(TinyModels.Difference(whole.Logits!.narrow(1, 0, 3), start.Logits!) > 1e-3);
    }

    [Fact]
    public void The_last_logits_are_those_of_the_whole_run()
    {
        using var model = HookSemanticsTests.Open("gpt2");
        using var all = model.Run(s_ids);
        using var last = model.Run(s_ids, new RunOptions { ReturnLogits = LogitPositions.Last });
        using var hooked = model.Run(s_ids, new RunOptions { ReturnLogits = LogitPositions.Last, Capture = HookFilter.Names("unembed.hook_out") });
        using var none = model.Run(s_ids, new RunOptions { ReturnLogits = LogitPositions.None });
        Assert.InRange(TinyModels.Difference(last.Logits!, all.Logits!.narrow(1, 4, 1)), 0, 1e-6);
        Assert.InRange(TinyModels.Difference(hooked.Logits!, all.Logits!.narrow(1, 4, 1)), 0, 1e-6);
        Assert.Equal(5, hooked.Cache["unembed.hook_out"].shape[1]);
        Assert.Null(none.Logits);
    }

    [Fact]
    public void Without_logits_no_block_after_the_deepest_hook_runs()
    {
        using var model = HookSemanticsTests.Open("gpt2");
        var ran = new List<int?>();
        using var hooks = model.Hooks(new HookHandler("blocks.0.hook_resid_pre", (_, context) => { ran.Add(context.Layer); return null; }));
        using var result = model.Run(s_ids, new RunOptions { ReturnLogits = LogitPositions.None, Capture = HookFilter.Names("blocks.1.hook_resid_pre") });
        Assert.Equal([0], ran);
        Assert.Equal(["blocks.1.hook_resid_pre"], result.Cache.Names);
    }

    [Theory]
    [InlineData(0, "hook_resid_pre", 0)]
    [InlineData(2, "hook_resid_pre", 2)]
    [InlineData(-1, "hook_resid_pre", 2)]
    [InlineData(3, "hook_resid_post", 2)]
    public void Stopping_returns_the_stream_that_enters_the_layer(int stop, string point, int layer)
    {
        using var model = HookSemanticsTests.Open("llama");
        using var stopped = model.Run(s_ids, new RunOptions { StopAtLayer = stop });
        using var whole = model.Run(s_ids, new RunOptions { Capture = HookFilter.Names($"blocks.{layer}.{point}") });
        Assert.Null(stopped.Logits);
        Assert.Equal(0, TinyModels.Difference(stopped.Residual!, whole.Cache[$"blocks.{layer}.{point}"]));
    }

    [Fact]
    public void Bad_input_gets_one_line_with_both_numbers()
    {
        using var model = HookSemanticsTests.Open("gpt2");
        using var tooLong = zeros(1, 65, dtype: ScalarType.Int64);
        using var outside = tensor(new long[] { 3, 257 }, 1, 2);
        using var negative = tensor(new long[] { 3, -1 }, 1, 2);
        using var flat = tensor(new long[] { 3, 1 });
        using var empty = zeros(1, 0, dtype: ScalarType.Int64);
        using var real = zeros(1, 2);
        Assert.Contains("65 tokens but gpt2 takes at most 64", Assert.Throws<InterpException>(() => model.Run(tooLong)).Message, StringComparison.Ordinal);
        Assert.Contains("token id 257 is outside the vocabulary", Assert.Throws<InterpException>(() => model.Run(outside)).Message, StringComparison.Ordinal);
        Assert.Contains("token id -1", Assert.Throws<InterpException>(() => model.Run(negative)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => model.Run(flat));
        Assert.Throws<ShapeMismatchException>(() => model.Run(empty));
        Assert.Throws<ShapeMismatchException>(() => model.Run(real));
        Assert.Contains("the model has 3 layers", Assert.Throws<InterpException>(() => model.Run(s_ids, new RunOptions { StopAtLayer = 4 })).Message, StringComparison.Ordinal);
        Assert.Throws<HookNotFoundException>(() => model.Run(s_ids, new RunOptions { Capture = HookFilter.Names("blocks.3.hook_resid_pre") }));
    }

    [Fact]
    public void Canonical_weights_compute_what_the_model_computes()
    {
        // One attention-only layer by hand from the weights as a researcher reads them.
        using var model = TinyModels.Random(TinyModels.Toy with { LayerCount = 1, MlpWidth = 0 }, dtype: ScalarType.Float64);
        using var result = model.Run(s_ids, new RunOptions { Capture = HookFilter.All });
        using var scope = NewDisposeScope();
        var w = model.Parameters;
        var x = w["embed.W_E"].index_select(0, s_ids.flatten()).view(2, 5, 12) + w["pos_embed.W_pos"].narrow(0, 0, 5);
        var q = einsum("bpd,hde->bhpe", x, w["blocks.0.attn.W_Q"]) + w["blocks.0.attn.b_Q"].unsqueeze(1);
        var k = einsum("bpd,hde->bhpe", x, w["blocks.0.attn.W_K"]) + w["blocks.0.attn.b_K"].unsqueeze(1);
        var v = einsum("bpd,hde->bhpe", x, w["blocks.0.attn.W_V"]) + w["blocks.0.attn.b_V"].unsqueeze(1);
        var scores = q.matmul(k.transpose(2, 3)) / Math.Sqrt(5);
        var pattern = (scores + full(5, 5, double.NegativeInfinity, dtype: ScalarType.Float64).triu(1)).softmax(-1);
        var added = einsum("bhpe,hed->bpd", pattern.matmul(v), w["blocks.0.attn.W_O"]) + w["blocks.0.attn.b_O"];
        var logits = (x + added).matmul(w["unembed.W_U"]) + w["unembed.b_U"];
        Assert.InRange(TinyModels.Difference(result.Logits!, logits), 0, 1e-12);
        Assert.InRange(TinyModels.Difference(result.Cache["pattern", 0], pattern), 0, 1e-12);
    }

    [Fact]
    public void Gradients_at_captured_values_equal_finite_differences()
    {
        using var model = TinyModels.Random(TinyModels.Toy with { Norm = NormKind.LayerNorm, Activation = ActivationFunction.GeluTanh }, dtype: ScalarType.Float64);
        using var scope = NewDisposeScope();
        const string Point = "blocks.1.hook_resid_pre";
        using var recorded = model.Run(s_ids, new RunOptions { Capture = HookFilter.Names(Point), RecordGradients = true });
        var metric = recorded.Logits![0, 4, 3] - recorded.Logits![0, 4, 1];
        var gradient = autograd.grad([metric], [recorded.Cache[Point]])[0];
        foreach (var (position, component) in new[] { (4L, 0L), (2L, 7L), (0L, 11L) })
        {
            double At(double shift)
            {
                using var run = model.Run(s_ids, new RunOptions
                {
                    Hooks = [new HookHandler(Point, (value, _) => { var moved = value.clone(); moved[0, position, component] += shift; return moved; })],
                });
                return (run.Logits![0, 4, 3] - run.Logits![0, 4, 1]).ToDouble();
            }

            Assert.Equal((At(1e-5) - At(-1e-5)) / 2e-5, gradient[0, position, component].ToDouble(), 1e-7);
        }
    }

    [Fact]
    public void A_saved_toy_model_loads_back_the_same()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "toy");
        using var model = TinyModels.Random(TinyModels.Toy with
        {
            Positions = PositionKind.Rotary, Rotary = new RotarySettings { Dimensions = 4 }, KeyValueHeadCount = 1, Norm = NormKind.RootMeanSquare, IsGated = true,
        });
        model.Save(path);
        using var loaded = LanguageModel.Load(path);
        Assert.Equal(model.Config, loaded.Config);
        Assert.Empty(loaded.OtherSettings);
        using var first = model.Run(s_ids);
        using var second = loaded.Run(s_ids);
        Assert.True(first.Logits!.equal(second.Logits!).all().ToBoolean());
        Assert.Throws<Interp.Models.Checkpoints.CheckpointException>(() => model.Save(path));
    }

    [Fact]
    public void No_operation_keeps_tensors()
    {
        LiveTensors.AssertNoGrowth(() =>
        {
            using var model = HookSemanticsTests.Open("gpt2");
            using var result = model.Run(s_ids, new RunOptions { Capture = HookFilter.All, Hooks = [new HookHandler("blocks.1.hook_mlp_out", (value, _) => value * 2)] });
            using var gradients = model.Run(s_ids, new RunOptions { Capture = HookFilter.Names("blocks.1.hook_resid_pre"), RecordGradients = true });
            using var stopped = model.Run(s_ids, new RunOptions { StopAtLayer = 1 });
            using var split = model.Run(s_ids, new RunOptions { Capture = HookFilter.Names("blocks.1.hook_attn_in", "blocks.0.attn.hook_result") });
            Assert.Throws<HookShapeException>(() => model.Run(s_ids, new RunOptions { Capture = HookFilter.All, Hooks = [new HookHandler("blocks.1.hook_mlp_out", (value, _) => value[0])] }));
        });
        LiveTensors.AssertNoGrowth(() =>
        {
            using var model = HookSemanticsTests.Open("llama");
            using var result = model.Run(s_ids, new RunOptions { Capture = HookFilter.All });
        });
        LiveTensors.AssertNoGrowth(() =>
        {
            using var model = HookSemanticsTests.Open("shortformer");
            using var result = model.Run(s_ids, new RunOptions { Capture = HookFilter.All });
        });
    }
}
