using Interp.Workbench.Benchmarks;

namespace Interp.Workbench.Tests.Benchmarks;

public sealed class SaeBenchmarkTests
{
    [Fact]
    public void Steps_of_a_small_dictionary_give_a_row_for_each_sparsity_and_the_switch_over()
    {
        var rows = SaeBenchmark.Run(64, 16, 1500, 1, null, TestContext.Current.CancellationToken);
        Assert.Equal(["sae.step.l0-8", "sae.step.l0-32", "sae.step.l0-128", "sae.step.l0-512", "sae.switch-over"], rows.Select(row => row.Name));
        Assert.All(rows, row => Assert.True(row.Ratio > 0 && row.Value > 0));
        Assert.Equal([1.3, 1.3, 1.6, null, null], rows.Select(row => row.Limit));
        Assert.All(rows.Zip([8, 32, 128, 512]), pair => Assert.Contains($"measured L0 {pair.Second}.0", pair.First.Detail, StringComparison.Ordinal));
    }
}
