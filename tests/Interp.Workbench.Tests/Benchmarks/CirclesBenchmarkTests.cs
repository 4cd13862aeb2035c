using Interp.Workbench.Benchmarks;

namespace Interp.Workbench.Tests.Benchmarks;

/// <summary>The benchmarks of circles at small sizes: their rows, not their times.</summary>
public sealed class CirclesBenchmarkTests
{
    [Fact]
    public void Indices_have_their_row()
    {
        var row = Assert.Single(CirclesBenchmark.Run(50, 300, 4, null, TestContext.Current.CancellationToken));
        Assert.Equal(("circles.indices", "s", 0.01), (row.Name, row.Unit, row.Limit));
        Assert.True(row.Value > 0 && row.Ratio > 0);
    }

    [Fact]
    public void Clustering_has_its_rows()
    {
        var rows = ClusteringBenchmark.Run(2400, 16, 12, null, TestContext.Current.CancellationToken);
        Assert.Equal(["clustering.spectral", "clustering.memory"], rows.Select(row => row.Name));
        Assert.All(rows, row => Assert.True(row.Value > 0 && row.Ratio > 0));
    }
}
