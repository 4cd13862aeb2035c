using Interp.Workbench.Benchmarks;

namespace Interp.Workbench.Tests.Benchmarks;

public sealed class NullsBenchmarkTests
{
    [Fact]
    public void Closed_forms_hold_at_moderate_sizes_and_miss_where_they_should()
    {
        var rows = NullsBenchmark.Run([(64, 64, 16, 60), (64, 64, 1, 20)], [(16, 64, 600)], null, TestContext.Current.CancellationToken);
        Assert.Equal(["nulls.lora-64x64-r16", "nulls.lora-64x64-r1", "nulls.gaussian-16x64"], rows.Select(row => row.Name));
        Assert.True(rows[0].Holds && rows[2].Holds);
        Assert.False(rows[1].Holds, "a rank of one is far from the expansion");
    }
}
