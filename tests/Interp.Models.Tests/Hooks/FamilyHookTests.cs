using Interp.Models.Hooks;
using Interp.Models.Tests.Families;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Hooks;

/// <summary>Every family at every hook point.</summary>
public sealed class FamilyHookTests
{
    public static TheoryData<string> Families => FamilyParityTests.Families;

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_point_fires_once_in_order_with_its_shape_and_the_same_value_changes_no_bit(string family)
    {
        using var model = LanguageModel.Load(SharedFiles.Require("models", "tiny", family));
        using var ids = TinyModels.Ids([1, 2, 3, 4, 5, 6, 7], [9, 30, 7, 7, 2, 0, 8]);
        var fired = new List<string>();
        var points = model.HookPoints.Where(point => !HookShapes.IsSplitInput(point.Name)).ToList();
        var handlers = points.Select(point => new HookHandler(point.Name, (value, context) =>
        {
            fired.Add(context.Name);
            var expected = HookShapes.Of(model.Config, context.Point.Axes, ids);
            Assert.Equal(expected.Select((size, axis) => size < 0 ? context.Rows!.shape[0] : size), value.shape);
            return value.alias();
        })).ToList();

        // The same product of heads and the output matrix, and scores that are formed, on both sides.
        var same = HookFilter.Names("blocks.*.attn.hook_pattern", "blocks.*.attn.hook_result");
        using var bare = model.Run(ids, new RunOptions { Capture = same });
        using var hooked = model.Run(ids, new RunOptions { Hooks = handlers });
        Assert.Equal(points.Select(point => point.Name), fired);
        Assert.True(bare.Logits!.equal(hooked.Logits!).all().ToBoolean());

        using var fused = model.Run(ids);
        var unseen = points.Where(point => !point.IsOptIn && !HookShapes.IsAttention(point)).Select(point => new HookHandler(point.Name, (value, _) => value.alias()));
        using var fusedHooked = model.Run(ids, new RunOptions { Hooks = [.. unseen] });
        Assert.True(fused.Logits!.equal(fusedHooked.Logits!).all().ToBoolean());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Zeros_at_any_point_change_the_output(string family)
    {
        using var model = LanguageModel.Load(SharedFiles.Require("models", "tiny", family));
        using var ids = TinyModels.Ids([5, 2, 3, 4, 5, 6, 7]);
        using var bare = model.Run(ids);
        foreach (var point in model.HookPoints.Where(point => point.Layer is null or 1))
        {
            var isTouched = true;
            HookFunction zero = (value, _) =>
            {
                // An expert that no token goes to has nothing to change.
                isTouched = value.NumberOfElements > 0;
                return point.Name.EndsWith("hook_scale", StringComparison.Ordinal) ? full_like(value, 7) : zeros_like(value);
            };
            using var zeroed = model.Run(ids, new RunOptions { Hooks = [new HookHandler(point.Name, zero)] });
            Assert.True(!isTouched || TinyModels.Difference(zeroed.Logits!, bare.Logits!) > 1e-5, $"zeros at {point.Name} changed nothing");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Gradients_at_every_point_are_those_of_finite_differences(string family)
    {
        using var model = LanguageModel.Load(SharedFiles.Require("models", "tiny", family), new ModelLoadOptions { Dtype = ScalarType.Float64 });
        using var ids = TinyModels.Ids([5, 2, 3, 4, 9]);
        var points = model.HookPoints.Where(point => !point.IsOptIn && point.Layer is null or 1
            && !point.Name.EndsWith("expert_indices", StringComparison.Ordinal) && !point.Name.EndsWith("attn_scores", StringComparison.Ordinal)
            && point.Name is not "hook_tokens").Where(point => !point.IsOptIn).ToList();
        using var scope = NewDisposeScope();
        using var recording = enable_grad();
        var names = HookFilter.Names(points.Select(point => point.Name));
        using var run = model.Run(ids, new RunOptions { Capture = names, RecordGradients = true });
        run.Backward(Metric);

        const double Step = 1e-5;
        for (var i = 0; i < points.Count; i++)
        {
            // One direction a point: the derivative along it is the gradient's product with it.
            using var inner = NewDisposeScope();
            var direction = sin(arange(run.Cache[points[i].Name].numel(), dtype: ScalarType.Float64) * 1.7).view(run.Cache[points[i].Name].shape);
            direction = points[i].Name.EndsWith("hook_pattern", StringComparison.Ordinal) ? direction.tril() : direction;
            var expected = (Shifted(points[i].Name, direction * Step) - Shifted(points[i].Name, direction * -Step)) / (2 * Step);
            var found = (run.Cache.Grad(points[i].Name) * direction).sum().ToDouble();
            Assert.True(Math.Abs(found - expected) < 1e-5 * (1 + Math.Abs(expected)), $"{points[i].Name}: gradient {found:g6}, difference {expected:g6}");
        }

        double Shifted(string name, Tensor shift)
        {
            using var none = no_grad();
            using var shifted = model.Run(ids, new RunOptions { Hooks = [new HookHandler(name, (value, _) => value + shift)], Capture = HookFilter.Names("blocks.*.attn.hook_pattern") });
            return Metric(shifted.Logits!).ToDouble();
        }
    }

    private static Tensor Metric(Tensor logits) => (logits.select(1, logits.shape[1] - 1).select(1, 5) - logits.select(1, logits.shape[1] - 2).select(1, 9)).sum();
}
