using Interp.Analysis.Atoms;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Atoms;

public sealed class DictionaryMetricsTests
{
    [Fact]
    public void Three_rows_have_their_exact_numbers()
    {
        using var scope = NewDisposeScope();
        var metrics = new DictionaryMetrics(2);
        var code = tensor(new float[,] { { 1, 0 }, { 2, 1 }, { 1, 0 } });
        metrics.Add(tensor(new float[,] { { 1 }, { 2 }, { 6 } }), code, tensor(new float[,] { { 1 }, { 1 }, { 6 } }));
        Assert.Equal(0.928571428571, metrics.ExplainedVariance, 1e-9);
        Assert.Equal(38.0 / 39, metrics.RelativeBias, 1e-9);
        Assert.Equal(4.0 / 3, metrics.L0, 1e-12);
        Assert.Equal(5.0 / 3, metrics.L1, 1e-6);
        Assert.Equal(1, metrics.AliveFraction);
        Assert.Equal(0.5, metrics.SingleSampleFraction);
        Assert.Equal([0, 2.0 / 3, 1], metrics.L0Shares());
        Assert.Equal((1, 2), (metrics.L0Quantile(0.5), metrics.L0Quantile(0.9)));
    }

    [Fact]
    public void Batches_add_up_and_a_large_mean_does_not_eat_the_variance()
    {
        using var scope = NewDisposeScope();
        var x = RandomTensor.Normal(300, 5).to(ScalarType.Float64) + 1e5;
        var back = x + (RandomTensor.Normal(300, 5, 2) * 0.3);
        var code = RandomTensor.Normal(300, 4, 3).relu();
        var (whole, parts) = (new DictionaryMetrics(4), new DictionaryMetrics(4));
        whole.Add(x, code, back);
        for (var first = 0; first < 300; first += 70)
        {
            var count = Math.Min(70, 300 - first);
            parts.Add(x.narrow(0, first, count), code.narrow(0, first, count), back.narrow(0, first, count));
        }

        var expected = 1 - ((x - back).square().sum() / (x - x.mean([0L])).square().sum()).item<double>();
        Assert.Equal(expected, whole.ExplainedVariance, 1e-8);
        Assert.Equal(expected, parts.ExplainedVariance, 1e-8);
        Assert.Equal(whole.Firings, parts.Firings);
        Assert.Equal(whole.L0Shares(), parts.L0Shares());
    }

    [Fact]
    public void Rows_that_do_not_vary_have_no_explained_variance()
    {
        using var scope = NewDisposeScope();
        var metrics = new DictionaryMetrics(1);
        metrics.Add(ones(3, 2), zeros(3, 1), ones(3, 2));
        Assert.True(double.IsNaN(metrics.ExplainedVariance));
        Assert.Equal((0.0, 0.0), (metrics.AliveFraction, metrics.L0));
    }

    [Fact]
    public void Documents_are_held_out_whole()
    {
        int[] documents = [.. Enumerable.Range(0, 1000).Select(row => row / 10)];
        var split = HeldOutSplit.Create(documents, 0.13, 4);
        Assert.Equal(130, split.HeldOut.Length);
        Assert.Equal(870, split.Train.Length);
        Assert.Empty(split.HeldOut.Select(row => documents[row]).Intersect(split.Train.Select(row => documents[row])));
        Assert.Equal(split.HeldOut, HeldOutSplit.Create(documents, 0.13, 4).HeldOut);
        Assert.NotEqual(split.HeldOut, HeldOutSplit.Create(documents, 0.13, 5).HeldOut);
        Assert.Empty(HeldOutSplit.Create(documents, 0, 4).HeldOut);
        Assert.Equal(2, HeldOutSplit.Create([7, 7, 7, 7], 0.5, 4).HeldOut.Length);
    }
}
