using System.Text.Json;
using Interp.Compute;
using Interp.Models.Checkpoints;
using Interp.Models.Hooks;
using Interp.Models.Hooks.Interventions;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Hooks.Interventions;

public sealed class InterventionTests : IDisposable
{
    private const string Point = "blocks.1.hook_resid_pre";

    private readonly TemporaryFolder _folder = new();
    private readonly LanguageModel _model = HookSemanticsTests.Open("rotary", ScalarType.Float64);
    private readonly Tensor _ids = TinyModels.Ids([1, 2, 3, 4, 5], [9, 0, 7, 7, 2]).DetachFromDisposeScope();

    public void Dispose()
    {
        _ids.Dispose();
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Records_survive_JSON_and_are_equal_when_they_say_the_same()
    {
        IReadOnlyList<Intervention> records =
        [
            new() { Target = "resid_pre1", Operation = InterventionKind.Steer, Strength = 2.5, Positions = HookPositions.Last, Vectors = "v.safetensors:v" },
            new() { Target = "blocks.*.attn.hook_z", Operation = InterventionKind.Mean, Head = 2, Positions = HookPositions.At(1, -1), Reference = "r.safetensors", IsPooled = true },
            new() { Target = Point, Operation = InterventionKind.Zero, Positions = HookPositions.Range(1, null), Neuron = 3 },
        ];
        var json = Intervention.Write(records);
        Assert.Contains("\"operation\": \"steer\"", json, StringComparison.Ordinal);
        Assert.Contains("\"positions\": \"last\"", json, StringComparison.Ordinal);
        Assert.Equal(json, Intervention.Write(Intervention.Parse(json)));
        Assert.Equal(records[2], Intervention.Parse(json)[2]);
    }

    [Theory]
    [InlineData("""{"target":"x"}""")]
    [InlineData("""{"target":"x","operation":"explode"}""")]
    [InlineData("""{"target":"x","operation":"zero","positons":[1]}""")]
    [InlineData("""{"target":"x","operation":"zero","positions":"first"}""")]
    [InlineData("""[null]""")]
    [InlineData("""{"target":"x","operation":"zero","strength":"much"}""")]
    public void A_record_that_says_something_else_is_refused(string json) => Assert.Throws<JsonException>(() => Intervention.Parse(json));

    [Fact]
    public void Zero_touches_the_positions_head_and_entry_meant_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        var clean = Capture("blocks.0.attn.hook_z", []);
        var changed = Capture("blocks.0.attn.hook_z", [new() { Target = "z0", Operation = InterventionKind.Zero, Head = 1, Neuron = -1, Positions = HookPositions.At(0, 3) }]);
        var expected = clean.clone();
        foreach (var position in new[] { 0, 3 })
        {
            expected.select(3, expected.shape[3] - 1).select(2, 1).select(1, position).zero_();
        }

        Assert.Equal(0, TinyModels.Difference(changed, expected));
        Assert.True(TinyModels.Difference(changed, clean) > 1e-3);
    }

    [Fact]
    public void Means_are_by_position_or_pooled()
    {
        using var scope = NewDisposeScope();
        var reference = WriteIds("reference", [1, 1, 2, 3, 4], [5, 6, 7, 8, 9], [0, 2, 4, 6, 8]);
        using var run = _model.Run(TinyModels.Ids([1, 1, 2, 3, 4], [5, 6, 7, 8, 9], [0, 2, 4, 6, 8]), new RunOptions { Capture = HookFilter.Names(Point) });
        var values = run.Cache[Point];
        var record = new Intervention { Target = Point, Operation = InterventionKind.Mean, Reference = reference };
        Assert.InRange(TinyModels.Difference(Capture(Point, [record]), values.mean([0], keepdim: true).expand(2, 5, -1)), 0, 1e-14);
        Assert.InRange(TinyModels.Difference(Capture(Point, [record with { IsPooled = true }]), values.mean([0, 1], keepdim: true).expand(2, 5, -1)), 0, 1e-14);

        // Half way.
        var half = Capture(Point, [record with { Strength = 0.5 }]);
        Assert.InRange(TinyModels.Difference(half, (Capture(Point, []) + values.mean([0], keepdim: true)) / 2), 0, 1e-14);
    }

    [Fact]
    public void A_resample_takes_whole_rows_of_the_reference_by_the_seed()
    {
        using var scope = NewDisposeScope();
        var reference = WriteIds("reference", [1, 1, 2, 3, 4], [5, 6, 7, 8, 9], [0, 2, 4, 6, 8]);
        using var run = _model.Run(TinyModels.Ids([1, 1, 2, 3, 4], [5, 6, 7, 8, 9], [0, 2, 4, 6, 8]), new RunOptions { Capture = HookFilter.Names(Point) });
        var seen = new HashSet<int>();
        for (var seed = 0; seed < 12; seed++)
        {
            var record = new Intervention { Target = Point, Operation = InterventionKind.Resample, Reference = reference, Seed = seed };
            var changed = Capture(Point, [record]);
            Assert.Equal(0, TinyModels.Difference(changed, Capture(Point, [record])));
            for (var row = 0; row < 2; row++)
            {
                var from = Enumerable.Range(0, 3).Where(other => changed[row].equal(run.Cache[Point][other]).all().ToBoolean()).ToList();
                seen.Add(Assert.Single(from));
            }
        }

        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public void A_patch_of_the_whole_stream_gives_the_reference_runs_logits()
    {
        using var scope = NewDisposeScope();
        var reference = WriteIds("reference", [3, 1, 4, 1, 5], [2, 7, 1, 8, 2]);
        using var other = _model.Run(TinyModels.Ids([3, 1, 4, 1, 5], [2, 7, 1, 8, 2]));
        using var patched = Run([new() { Target = Point, Operation = InterventionKind.Patch, Reference = reference }]);
        Assert.Equal(0, TinyModels.Difference(patched.Logits!, other.Logits!));
    }

    [Fact]
    public void Frozen_patterns_stay_those_of_the_run_without_interventions()
    {
        using var scope = NewDisposeScope();
        const string Pattern = "blocks.1.attn.hook_pattern";
        var frozen = Capture(Pattern, [new() { Target = "resid_pre0", Operation = InterventionKind.Zero }, new() { Target = "pattern1", Operation = InterventionKind.Freeze }]);
        Assert.Equal(0, TinyModels.Difference(frozen, Capture(Pattern, [])));
        Assert.True(TinyModels.Difference(Capture(Pattern, [new() { Target = "resid_pre0", Operation = InterventionKind.Zero }]), frozen) > 1e-3);
    }

    [Fact]
    public void Steering_adds_a_unit_vector_in_units_of_the_mean_norm()
    {
        using var scope = NewDisposeScope();
        var clean = Capture(Point, []);
        var vector = arange(12, dtype: ScalarType.Float64) - 3;
        var changed = Capture(Point, [new() { Target = Point, Operation = InterventionKind.Steer, Strength = -1.5, Directions = [[.. vector.data<double>()]], Positions = HookPositions.Last }]);
        var expected = clean.clone();
        expected.select(1, 4).add_(vector / vector.norm() * clean.norm(-1).mean() * -1.5);
        Assert.InRange(TinyModels.Difference(changed, expected), 0, 1e-13);
    }

    [Fact]
    public void Projections_and_subspaces_change_the_coordinates_in_the_span_alone()
    {
        using var scope = NewDisposeScope();
        var clean = Capture(Point, []);
        var basis = linalg.qr(sin(arange(24, dtype: ScalarType.Float64).view(12, 2) * 1.3)).Q; // [d, 2]
        IReadOnlyList<IReadOnlyList<double>> directions = [[.. (basis.select(1, 0) * 4).data<double>()], [.. (basis.select(1, 1) + basis.select(1, 0)).data<double>()]];
        var record = new Intervention { Target = Point, Operation = InterventionKind.Project, Directions = directions };
        var inside = clean.matmul(basis).matmul(basis.t());
        Assert.InRange(TinyModels.Difference(Capture(Point, [record]), clean - inside), 0, 1e-13);
        Assert.InRange(TinyModels.Difference(Capture(Point, [record with { Operation = InterventionKind.ScaleSubspace, Strength = 3 }]), clean + (inside * 2)), 0, 1e-13);

        var reference = WriteIds("reference", [3, 1, 4, 1, 5], [2, 7, 1, 8, 2]);
        using var other = _model.Run(TinyModels.Ids([3, 1, 4, 1, 5], [2, 7, 1, 8, 2]), new RunOptions { Capture = HookFilter.Names(Point) });
        var swapped = Capture(Point, [record with { Operation = InterventionKind.SwapSubspace, Reference = reference }]);
        Assert.InRange(TinyModels.Difference(swapped, clean - inside + other.Cache[Point].matmul(basis).matmul(basis.t())), 0, 1e-13);
    }

    [Fact]
    public void What_does_not_fit_is_refused_before_the_run()
    {
        var reference = WriteIds("short", [1, 2, 3]);
        Intervention[] wrong =
        [
            new() { Target = "nowhere", Operation = InterventionKind.Zero },
            new() { Target = Point, Operation = InterventionKind.Zero, Head = 0 },
            new() { Target = "z0", Operation = InterventionKind.Zero, Head = 3 },
            new() { Target = Point, Operation = InterventionKind.Zero, Positions = HookPositions.At(5) },
            new() { Target = Point, Operation = InterventionKind.Mean },
            new() { Target = Point, Operation = InterventionKind.Steer },
            new() { Target = Point, Operation = InterventionKind.Steer, Directions = [[1, 2]] },
            new() { Target = Point, Operation = InterventionKind.Project, Directions = [new double[12]] },
        ];
        foreach (var record in wrong)
        {
            LiveTensors.AssertNoGrowth(() => Assert.ThrowsAny<InterpException>(() => InterventionRun.Prepare(_model, _ids, [record])));
        }

        Assert.ThrowsAny<InterpException>(() => Run([new() { Target = Point, Operation = InterventionKind.Patch, Reference = reference }]));
    }

    private string WriteIds(string name, params long[][] rows)
    {
        using var ids = TinyModels.Ids(rows);
        var path = Path.Combine(_folder.Path, $"{name}.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["input_ids"] = ids });
        return path;
    }

    private Tensor Capture(string point, IReadOnlyList<Intervention> records)
    {
        using var run = Run(records, HookFilter.Names(point));
        return run.Cache[point].clone();
    }

    private RunResult Run(IReadOnlyList<Intervention> records, HookFilter? capture = null)
    {
        using var prepared = InterventionRun.Prepare(_model, _ids, records);
        return _model.Run(_ids, new RunOptions { Capture = capture, Hooks = prepared.Hooks });
    }
}
