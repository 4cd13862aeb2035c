using Interp.Compute;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Hooks;

public sealed class CaptureOptionsTests
{
    [Fact]
    public void Positions_are_cut_on_the_position_axis_of_every_point()
    {
        using var model = HookSemanticsTests.Open("rotary");
        using var ids = TinyModels.Ids([1, 2, 3, 4, 5], [9, 0, 7, 7, 2]);
        using var all = model.Run(ids, new RunOptions { Capture = HookFilter.All });
        using var scope = NewDisposeScope();
        foreach (var (positions, expected) in new (HookPositions, long[])[]
        {
            (HookPositions.Last, [4]), (HookPositions.Range(1, -1), [1, 2, 3]), (HookPositions.Range(null, 2), [0, 1]), (HookPositions.At(3, 0, -1), [3, 0, 4]), (HookPositions.All, [0, 1, 2, 3, 4]),
        })
        {
            using var cut = model.Run(ids, new RunOptions { Capture = HookFilter.All, CapturePositions = positions });
            Assert.True(cut.Logits!.equal(all.Logits!).all().ToBoolean());
            foreach (var name in all.Cache.Names)
            {
                var axis = name.EndsWith("hook_pattern") || name.EndsWith("hook_attn_scores") ? 2 : 1;
                Assert.Equal(0, TinyModels.Difference(cut.Cache[name], all.Cache[name].index_select(axis, tensor(expected))));
            }

            Assert.Equal(model.CaptureBytes(HookFilter.All, 2, 5, positions), cut.Cache.Bytes);
        }
    }

    [Fact]
    public void Positions_outside_the_input_and_empty_ranges_are_refused()
    {
        using var model = HookSemanticsTests.Open("toy");
        using var ids = TinyModels.Ids([1, 2, 3]);
        foreach (var positions in new[] { HookPositions.At(3), HookPositions.At(), HookPositions.Range(3, null), HookPositions.Range(-1, -2) })
        {
            LiveTensors.AssertNoGrowth(() => Assert.Throws<InterpException>(() => model.Run(ids, new RunOptions { Capture = HookFilter.All, CapturePositions = positions })));
        }
    }

    [Fact]
    public void A_capture_beyond_the_budget_is_refused_before_the_run()
    {
        using var model = HookSemanticsTests.Open("toy");
        using var ids = TinyModels.Ids([1, 2, 3]);
        var bytes = model.CaptureBytes(HookFilter.All, 1, 3);
        var error = Assert.Throws<InterpException>(() => model.Run(ids, new RunOptions { Capture = HookFilter.All, CaptureBudgetBytes = bytes - 1 }));
        Assert.Contains("capture fewer", error.Message, StringComparison.Ordinal);
        using var run = model.Run(ids, new RunOptions { Capture = HookFilter.All, CaptureBudgetBytes = bytes });
        Assert.Equal(bytes, run.Cache.Bytes);
    }

    [Fact]
    public void The_context_tells_the_axes()
    {
        using var model = HookSemanticsTests.Open("rotary");
        using var ids = TinyModels.Ids([1, 2, 3]);
        var seen = new Dictionary<string, (int?, int?, int?)>();
        using var run = model.Run(ids, new RunOptions
        {
            Hooks = [.. new[] { "hook_embed", "blocks.0.attn.hook_k", "blocks.0.attn.hook_pattern" }.Select(name => new HookHandler(name, (_, context) =>
            {
                seen[name] = (context.BatchAxis, context.PositionAxis, context.HeadAxis);
                return null;
            }))],
        });
        Assert.Equal((0, 1, null), seen["hook_embed"]);
        Assert.Equal((0, 1, 2), seen["blocks.0.attn.hook_k"]);
        Assert.Equal((0, 2, 1), seen["blocks.0.attn.hook_pattern"]);
    }

    [Fact]
    public void An_experts_rows_say_which_tokens_it_saw()
    {
        using var model = LanguageModel.Load(Interp.Tests.SharedFiles.Require("models", "tiny", "mixtral"));
        using var ids = TinyModels.Ids([1, 2, 3, 4, 5], [9, 0, 7, 7, 2]);
        using var scope = NewDisposeScope();
        using var run = model.Run(ids, new RunOptions { Capture = HookFilter.Names("blocks.0.mlp.*", "blocks.0.mlp.experts.*") });
        var indices = run.Cache["blocks.0.mlp.hook_expert_indices"].flatten(0, 1);
        for (var expert = 0; expert < model.Config.ExpertCount; expert++)
        {
            var name = $"blocks.0.mlp.experts.{expert}.hook_post";
            var routed = indices.eq(expert).any(-1).nonzero().flatten();
            Assert.Equal(routed.data<long>().ToArray(), run.Cache.Rows(name).data<long>().Order().ToArray());
            Assert.Equal([routed.shape[0], model.Config.MlpWidth], run.Cache[name].shape);
        }
    }
}
