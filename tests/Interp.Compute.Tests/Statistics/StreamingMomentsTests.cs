using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using Interp.Compute.Tests.LinearAlgebra;

namespace Interp.Compute.Tests.Statistics;

public sealed class StreamingMomentsTests
{
    /// <summary>Float64 over some hundred rows.</summary>
    private const double Rounding = 1e-12;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void Batches_of_any_size_give_the_moments_of_all_rows(int batch)
    {
        var rows = RandomMatrix.Normal(100, 3);
        var moments = new StreamingMoments(3);
        using var tensor = rows.ToTensor();
        for (var first = 0; first < 100; first += batch)
        {
            using var part = tensor.narrow(0, first, Math.Min(batch, 100 - first));
            moments.Add(part);
        }

        AssertMatches(rows, moments);
    }

    [Fact]
    public void Rows_and_merged_parts_give_the_same()
    {
        var rows = RandomMatrix.Normal(50, 2);
        var (first, second) = (new StreamingMoments(2), new StreamingMoments(2));
        for (var i = 0; i < 50; i++)
        {
            (i < 20 ? first : second).Add(MatrixConversion.Span(rows).Slice(2 * i, 2));
        }

        first.Merge(second);
        first.Merge(new StreamingMoments(2));
        AssertMatches(rows, first);
    }

    [Fact]
    public void A_large_mean_does_not_eat_the_variance()
    {
        var moments = new StreamingMoments(1);
        for (var i = 0; i < 1000; i++)
        {
            moments.Add([1e9 + (i % 2)]);
        }

        // The sum of squares minus the square of the sum would keep no digit here.
        Assert.Equal(0.25 * 1000 / 999, moments.Variance()[0], 1e-6);
    }

    [Fact]
    public void Before_the_second_row_there_is_no_variance()
    {
        var moments = new StreamingMoments(1);
        Assert.True(double.IsNaN(moments.Variance()[0]));
        moments.Add([2]);
        Assert.Equal((1, 2.0, 2.0, 2.0), (moments.Count, moments.Mean[0], moments.Minimum[0], moments.Maximum[0]));
        Assert.True(double.IsNaN(moments.Variance()[0]));
    }

    [Fact]
    public void Another_width_is_refused()
    {
        Assert.Throws<ShapeMismatchException>(() => new StreamingMoments(2).Add([1]));
        Assert.Throws<ShapeMismatchException>(() => new StreamingMoments(2).Merge(new StreamingMoments(3)));
    }

    private static void AssertMatches(double[,] rows, StreamingMoments moments)
    {
        Assert.Equal(rows.GetLength(0), moments.Count);
        for (var j = 0; j < rows.GetLength(1); j++)
        {
            var column = rows.Column(j);
            var mean = column.Average();
            Assert.Equal(mean, moments.Mean[j], Rounding);
            Assert.Equal(column.Sum(v => (v - mean) * (v - mean)) / (column.Length - 1), moments.Variance()[j], Rounding);
            Assert.Equal(column.Min(), moments.Minimum[j]);
            Assert.Equal(column.Max(), moments.Maximum[j]);
        }
    }
}
