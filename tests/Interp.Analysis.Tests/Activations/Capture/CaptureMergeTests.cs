using Interp.Analysis.Activations;
using Interp.Analysis.Activations.Capture;
using Interp.Compute;
using TorchSharp;

namespace Interp.Analysis.Tests.Activations.Capture;

public sealed class CaptureMergeTests : CaptureParts
{
    [Theory]
    [InlineData(4, StoredType.Float32)]
    [InlineData(3, StoredType.Bfloat16)]
    [InlineData(1, StoredType.Float16)]
    public void Merged_parts_are_byte_for_byte_the_capture_by_one_process(int parts, StoredType type)
    {
        var options = Options with { StoredAs = type };
        var whole = Capture("whole", options);
        Assert.True(whole.Shards > 1);
        Assert.InRange(whole.Dropped, 1, whole.Rows);
        for (var part = parts; part >= 1; part--)
        {
            Capture($"p{part}", options with { Shard = $"{part}/{parts}" });
        }

        var merged = CaptureMerge.Run([.. Enumerable.Range(1, parts).Select(part => At($"p{part}"))], options, At("merged"));
        AssertSameFiles("whole", "merged");
        AssertSameResult(whole, merged);
    }

    [Fact]
    public void A_part_that_was_stopped_and_continued_merges_like_any_other()
    {
        var whole = Capture("whole");
        Capture("p2", Options with { Shard = "2/2" });
        StopAfter(4, "p1", Options with { Shard = "1/2" });
        Capture("p1", Options with { Shard = "1/2", Resume = true });
        AssertSameResult(whole, CaptureMerge.Run([At("p2"), At("p1")], Options, At("merged")));
        AssertSameFiles("whole", "merged");
    }

    [Fact]
    public void Parts_that_are_missing_doubled_or_strange_are_named()
    {
        Capture("p1", Options with { Shard = "1/2" });
        Capture("p2", Options with { Shard = "2/2" });
        Capture("other", Options with { Shard = "2/2", OutlierNorm = 0 });
        Capture("whole");
        Assert.Contains("part 2/2 is missing", Refused("p1"), StringComparison.Ordinal);
        Assert.Contains("part 1/2 is there twice", Refused("p1", "p2", "p1"), StringComparison.Ordinal);
        Assert.Contains("belongs to another capture", Refused("p1", "other"), StringComparison.Ordinal);
        Assert.Contains("is no part of a capture", Refused("p1", "whole"), StringComparison.Ordinal);
        Assert.Contains("part 1 of 2", Assert.Throws<InterpException>(() => ActivationStore.Open(At("p1"), "blocks.0.attn.hook_z")).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("merged")) && Directory.EnumerateFiles(At("merged")).Any());
    }

    [Theory]
    [InlineData("0/4")]
    [InlineData("5/4")]
    [InlineData("2")]
    [InlineData("-1/4")]
    [InlineData("a/b")]
    public void What_is_no_part_is_refused(string shard) =>
        Assert.Contains("is no part: write i/n", Assert.Throws<InterpException>(() => Capture("a", Options with { Shard = shard })).Message, StringComparison.Ordinal);

    [Fact]
    public void More_parts_than_batches_are_refused() =>
        Assert.Contains("use fewer parts", Assert.Throws<InterpException>(() => Capture("a", Options with { Shard = "90/90" })).Message, StringComparison.Ordinal);

    [Fact]
    public void Rows_longer_than_the_multiple_of_the_median_at_any_hook_are_left_out()
    {
        using var scope = torch.NewDisposeScope();
        var first = torch.tensor(new float[,] { { 3, 4 }, { 0, 1 }, { 0, 2 }, { 0, 90 } });
        var second = torch.tensor(new float[,] { { 1 }, { 1 }, { 50 }, { 1 } });
        Assert.Equal([0, 1], RowFilter.Kept([first, second], 10));
        Assert.Equal([0, 1, 2], RowFilter.Kept([first], 10));
        Assert.Equal([0, 1, 2, 3], RowFilter.Kept([first, second], 0));
        Assert.Equal([5, 1, 2, 90], RowStatistics.Norms(first));
    }

    private string Refused(params string[] names) =>
        Assert.Throws<InterpException>(() => CaptureMerge.Run([.. names.Select(At)], Options, At("merged"))).Message;
}
