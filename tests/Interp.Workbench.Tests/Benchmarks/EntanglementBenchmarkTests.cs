using Interp.Workbench.Benchmarks;

namespace Interp.Workbench.Tests.Benchmarks;

public sealed class EntanglementBenchmarkTests
{
    [Fact]
    public void Small_matrices_give_both_rows()
    {
        var rows = EntanglementBenchmark.Run(64, 128, 4, null, TestContext.Current.CancellationToken);
        Assert.Equal(["entanglement.dense-64", "entanglement.lora-128"], rows.Select(row => row.Name));
        Assert.All(rows, row => Assert.True(row.Ratio > 0 && row.Limit > 0));
        Assert.Equal(rows[1].Value, rows[1].Ratio);
    }
}
