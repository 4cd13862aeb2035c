using Interp.Models.Hooks;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Hooks;

public sealed class HookSemanticsTests
{
    private static readonly Tensor s_ids = TinyModels.Ids([1, 2, 3, 4, 5], [9, 0, 7, 7, 2]).DetachFromDisposeScope();

    public static TheoryData<string> Families => ["gpt2", "llama", "toy", "parallel", "solu", "rotary", "shortformer"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Replacing_every_value_with_itself_changes_no_bit(string family)
    {
        using var model = Open(family);
        HookFunction same = (value, _) => value.alias();
        using var bare = model.Run(s_ids);

        // The fused path: every point but those that force scores to be formed and opt-in copies.
        var fused = model.HookPoints.Where(point => !point.IsOptIn && !HookShapes.IsAttention(point)).Select(point => new HookHandler(point.Name, same)).ToList();
        using var hooked = model.Run(s_ids, new RunOptions { Hooks = fused });
        Assert.True(bare.Logits!.equal(hooked.Logits!).all().ToBoolean());

        using var eager = model.Run(s_ids, new RunOptions { Capture = HookFilter.Matching("blocks.*.attn.hook_pattern") });
        var all = model.HookPoints.Where(point => !point.IsOptIn).Select(point => new HookHandler(point.Name, same)).ToList();
        using var eagerHooked = model.Run(s_ids, new RunOptions { Hooks = all, Capture = HookFilter.All });
        Assert.True(eager.Logits!.equal(eagerHooked.Logits!).all().ToBoolean());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_point_fires_once_in_order_with_the_shape_of_its_axes(string family)
    {
        using var model = Open(family);
        var fired = new List<string>();
        var handlers = model.HookPoints.Select(point => new HookHandler(point.Name, (value, context) =>
        {
            fired.Add(context.Name);
            Assert.Equal(HookShapes.Of(model.Config, context.Point.Axes, s_ids), value.shape);
            return null;
        })).Where(handler => !HookShapes.IsSplitInput(handler.Name)).ToList();
        using var result = model.Run(s_ids, new RunOptions { Hooks = handlers });
        Assert.Equal(model.HookPoints.Select(point => point.Name).Where(name => !HookShapes.IsSplitInput(name)), fired);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Contributions_add_up_to_the_residual_stream(string family)
    {
        using var model = Open(family, ScalarType.Float64);
        using var result = model.Run(s_ids, new RunOptions { Capture = HookFilter.All });
        using var scope = NewDisposeScope();
        var sum = result.Cache["hook_embed"];
        if (model.Config.Positions == PositionKind.Learned)
        {
            sum = sum + result.Cache["hook_pos_embed"];
        }

        for (var layer = 0; layer < model.Config.LayerCount; layer++)
        {
            sum = sum + result.Cache["attn_out", layer];
            sum = model.Config.IsAttentionOnly ? sum : sum + result.Cache["mlp_out", layer];
        }

        Assert.InRange(TinyModels.Difference(sum, result.Cache["resid_post", -1]), 0, 1e-12 * sum.abs().max().ToDouble());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Heads_and_the_bias_add_up_to_the_attention_output(string family)
    {
        using var model = Open(family, ScalarType.Float64);
        using var result = model.Run(s_ids, new RunOptions { Capture = HookFilter.Names("blocks.*.attn.hook_result", "blocks.*.hook_attn_out") });
        using var scope = NewDisposeScope();
        for (var layer = 0; layer < model.Config.LayerCount; layer++)
        {
            var sum = result.Cache["result", layer].sum(2);
            sum = model.Parameters.TryGetValue($"blocks.{layer}.attn.b_O", out var bias) ? sum + bias : sum;
            Assert.InRange(TinyModels.Difference(sum, result.Cache["attn_out", layer]), 0, 1e-12 * (1 + sum.abs().max().ToDouble()));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Copies_of_the_stream_for_each_head_leave_the_numbers_as_they_are(string family)
    {
        using var model = Open(family, ScalarType.Float64);
        using var bare = model.Run(s_ids);
        using var split = model.Run(s_ids, new RunOptions { Capture = HookFilter.Names("blocks.*.hook_attn_in", "blocks.*.hook_q_input", "blocks.*.hook_k_input", "blocks.*.hook_v_input") });
        Assert.InRange(TinyModels.Difference(split.Logits!, bare.Logits!), 0, 1e-11 * (1 + bare.Logits!.abs().max().ToDouble()));
        Assert.Equal(4 * model.Config.LayerCount, split.Cache.Names.Count);
    }

    [Fact]
    public void Editing_one_heads_input_changes_that_head_alone()
    {
        using var model = Open("gpt2");
        HookFunction zeroHead1 = (value, _) =>
        {
            var edited = value.clone();
            edited.select(2, 1).zero_();
            return edited;
        };
        var capture = HookFilter.Names("blocks.0.attn.hook_q");
        using var clean = model.Run(s_ids, new RunOptions { Capture = capture });
        using var edited = model.Run(s_ids, new RunOptions { Capture = capture, Hooks = [new HookHandler("blocks.0.hook_q_input", zeroHead1)] });
        for (var head = 0; head < model.Config.HeadCount; head++)
        {
            var difference = TinyModels.Difference(edited.Cache["q", 0].select(2, head), clean.Cache["q", 0].select(2, head));
            Assert.Equal(head == 1, difference > 1e-3);
        }
    }

    [Fact]
    public void Later_hooks_see_what_earlier_ones_returned_and_the_cache_sees_the_last()
    {
        using var model = Open("toy");
        var seen = new List<double>();
        HookFunction set(double number) => (value, _) =>
        {
            seen.Add(value.max().ToDouble());
            return full_like(value, number);
        };
        using var result = model.Run(s_ids, new RunOptions
        {
            Capture = HookFilter.Names("blocks.1.hook_resid_pre"),
            Hooks = [new HookHandler("blocks.1.hook_resid_pre", set(3)), new HookHandler("resid_pre1", set(4))],
        });
        Assert.Equal(3, seen[1]);
        Assert.Equal(4, result.Cache["resid_pre", 1].min().ToDouble());
    }

    [Fact]
    public void Zeros_anywhere_in_a_block_change_the_output()
    {
        using var model = Open("llama");
        using var bare = model.Run(s_ids);
        foreach (var point in model.HookPoints.Where(point => point.Name != "hook_tokens"))
        {
            // The mask is re-read from the scores, so zeros there still hide nothing: uniform over all positions.
            using var zeroed = model.Run(s_ids, new RunOptions { Hooks = [new HookHandler(point.Name, (value, _) => point.Name.EndsWith("hook_scale") ? full_like(value, 7) : zeros_like(value))] });
            Assert.True(TinyModels.Difference(zeroed.Logits!, bare.Logits!) > 1e-4, $"zeros at {point.Name} changed nothing");
        }
    }

    [Fact]
    public void A_wrong_shape_names_both_shapes_and_the_point()
    {
        using var model = Open("toy");
        var error = Assert.Throws<HookShapeException>(() => model.Run(s_ids, new RunOptions { Hooks = [new HookHandler("blocks.0.attn.hook_z", (value, _) => value.narrow(1, 0, 2))] }));
        Assert.Contains("blocks.0.attn.hook_z", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 2, 3, 5]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 5, 3, 5]", error.Message, StringComparison.Ordinal);
        Assert.Throws<HookShapeException>(() => model.Run(s_ids, new RunOptions { Hooks = [new HookHandler("hook_embed", (value, _) => value.to(ScalarType.Float64))] }));
    }

    [Fact]
    public void Standing_hooks_end_with_their_scope_even_after_a_failure()
    {
        using var model = Open("toy");
        using var bare = model.Run(s_ids);
        using (model.Hooks(new HookHandler("blocks.0.hook_resid_pre", (value, _) => value * 2)))
        {
            Assert.Single(model.StandingHooks);
            using var changed = model.Run(s_ids);
            Assert.True(TinyModels.Difference(changed.Logits!, bare.Logits!) > 1e-3);
        }

        Assert.Throws<InvalidOperationException>(() =>
        {
            using var hooks = model.Hooks(new HookHandler("blocks.0.hook_resid_pre", (_, _) => throw new InvalidOperationException("from the hook")));
            model.Run(s_ids);
        });
        Assert.Empty(model.StandingHooks);
        using var again = model.Run(s_ids);
        Assert.True(bare.Logits!.equal(again.Logits!).all().ToBoolean());
    }

    [Fact]
    public async Task Runs_side_by_side_do_not_see_each_others_hooks()
    {
        using var model = Open("gpt2");
        using var bare = model.Run(s_ids);
        using var doubled = model.Run(s_ids, Doubling());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            using var result = model.Run(s_ids, i % 2 == 0 ? null : Doubling());
            Assert.True(result.Logits!.equal((i % 2 == 0 ? bare : doubled).Logits!).all().ToBoolean());
        })));

        static RunOptions Doubling() => new() { Hooks = [new HookHandler("blocks.1.hook_mlp_out", (value, _) => value * 2)] };
    }

    [Fact]
    public void A_cancelled_run_leaves_nothing_behind()
    {
        using var model = Open("gpt2");
        using var source = new CancellationTokenSource();
        LiveTensors.AssertNoGrowth(() =>
        {
            using var source = new CancellationTokenSource();
            var options = new RunOptions { Capture = HookFilter.All, Hooks = [new HookHandler("blocks.0.hook_resid_post", (_, _) => { source.Cancel(); return null; })] };
            Assert.ThrowsAny<OperationCanceledException>(() => model.Run(s_ids, options, source.Token));
        });
    }

    internal static LanguageModel Open(string family, ScalarType dtype = ScalarType.Float32) => family switch
    {
        "gpt2" or "llama" => LanguageModel.Load(TinyModels.Folder(family), new ModelLoadOptions { Dtype = dtype }),
        "toy" => TinyModels.Random(TinyModels.Toy, dtype: dtype),
        "parallel" => TinyModels.Random(TinyModels.Toy with { IsParallel = true, Norm = NormKind.LayerNorm, HasNormWeights = false }, dtype: dtype),
        "solu" => TinyModels.Random(TinyModels.Toy with { Norm = NormKind.LayerNorm, Activation = ActivationFunction.Solu, HasMlpNorm = true }, dtype: dtype),
        "rotary" => TinyModels.Random(
            TinyModels.Toy with
            {
                Positions = PositionKind.Rotary, Rotary = new RotarySettings { Dimensions = 4, HasAdjacentPairs = true }, KeyValueHeadCount = 1, Norm = NormKind.RootMeanSquare, IsGated = true,
            },
            dtype: dtype),
        "shortformer" => TinyModels.Random(TinyModels.Toy with { Positions = PositionKind.Shortformer, MlpWidth = 0, Norm = NormKind.LayerNorm, Direction = AttentionDirection.Bidirectional }, dtype: dtype),
        _ => throw new ArgumentException(family),
    };
}
