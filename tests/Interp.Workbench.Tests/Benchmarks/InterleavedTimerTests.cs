using Interp.Workbench.Benchmarks;

namespace Interp.Workbench.Tests.Benchmarks;

public sealed class InterleavedTimerTests
{
    [Fact]
    public void Every_piece_of_work_runs_once_untimed_and_once_a_round()
    {
        var calls = new List<char>();
        var medians = InterleavedTimer.Medians(3, TestContext.Current.CancellationToken, () => calls.Add('a'), () => calls.Add('b'));
        Assert.Equal("ababbaab", string.Concat(calls));
        Assert.Equal(2, medians.Count);
        Assert.All(medians, seconds => Assert.True(seconds >= 0));
    }

    [Theory]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 3.0 }, 2.5)]
    public void The_median_is_the_middle(double[] values, double expected) => Assert.Equal(expected, InterleavedTimer.Median(values));

    [Fact]
    public void A_stopped_measurement_throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => InterleavedTimer.Medians(1, source.Token, () => { }));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(1.2, 1.2, true)]
    [InlineData(1.21, 1.2, false)]
    [InlineData(null, 1.2, false)]
    public void A_row_holds_within_its_limit(double? ratio, double? limit, bool holds) =>
        Assert.Equal(holds, new BenchmarkRow("x", 1, "s", ratio, limit, "").Holds);

    [Fact]
    public void The_cosines_of_a_small_table_give_all_rows()
    {
        var rows = CosinesBenchmark.Run(600, 32, null, TestContext.Current.CancellationToken);
        Assert.Equal(["cosines.moments", "cosines.histogram", "cosines.memory"], rows.Select(row => row.Name));
        Assert.All(rows, row => Assert.True(row.Ratio >= 0));
    }
}
