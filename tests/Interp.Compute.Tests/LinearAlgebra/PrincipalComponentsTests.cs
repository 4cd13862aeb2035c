using Interp.Compute.LinearAlgebra;

namespace Interp.Compute.Tests.LinearAlgebra;

public sealed class PrincipalComponentsTests
{
    /// <summary>Float64 decompositions of matrices of size 10 keep about 13 digits.</summary>
    private const double Rounding = 1e-11;

    [Theory]
    [InlineData(40, 6)]
    [InlineData(6, 40)]
    [InlineData(7, 7)]
    public void Components_diagonalise_the_covariance_of_rows(int n, int d)
    {
        var rows = RandomMatrix.Normal(n, d);
        var k = Math.Min(n, d);
        var pca = PrincipalComponents.Fit(rows, k);

        var covariance = Covariance(rows);
        var rotated = RandomMatrix.Multiply(RandomMatrix.Multiply(pca.Components, covariance), RandomMatrix.Transpose(pca.Components));
        var expected = new double[k, k];
        for (var i = 0; i < k; i++)
        {
            expected[i, i] = pca.Variances[i];
            Assert.True(i == 0 || pca.Variances[i] <= pca.Variances[i - 1]);
        }

        Assert.True(RandomMatrix.LargestDifference(expected, rotated) < Rounding);
        var trace = Enumerable.Range(0, d).Sum(i => covariance[i, i]);
        Assert.Equal(trace, pca.TotalVariance, Rounding);
        Assert.Equal(1, pca.ExplainedShare.Sum(), Rounding);
    }

    [Fact]
    public void Scores_are_centred_and_rebuild_the_rows()
    {
        var rows = RandomMatrix.Normal(30, 4);
        var pca = PrincipalComponents.Fit(rows, 4);
        var rebuilt = RandomMatrix.Multiply(pca.Scores(rows), pca.Components);
        for (var i = 0; i < 30; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                rebuilt[i, j] += pca.Mean[j];
            }
        }

        Assert.True(RandomMatrix.LargestDifference(rows, rebuilt) < Rounding);
        Assert.Equal(0, pca.Scores(rows).Column(0).Sum(), Rounding);
    }

    [Fact]
    public void The_largest_entry_of_every_component_is_positive()
    {
        var rows = RandomMatrix.Normal(25, 5, seed: 3);
        var negated = (double[,])rows.Clone();
        foreach (ref var value in MatrixConversion.Span(negated))
        {
            value = -value;
        }

        var pca = PrincipalComponents.Fit(rows, 5);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(Enumerable.Range(0, 5).Select(j => pca.Components[i, j]).MaxBy(Math.Abs) > 0);
        }

        Assert.True(RandomMatrix.LargestDifference(pca.Components, PrincipalComponents.Fit(negated, 5).Components) < Rounding);
    }

    [Fact]
    public void Rows_that_do_not_vary_have_no_share()
    {
        var pca = PrincipalComponents.Fit(new double[5, 3], 2);
        Assert.Equal([0, 0], pca.Variances);
        Assert.Equal([0, 0], pca.ExplainedShare);
    }

    [Fact]
    public void Hostile_input_is_refused_in_one_line()
    {
        var rows = RandomMatrix.Normal(5, 3);
        rows[2, 1] = double.NaN;
        Assert.Contains("not finite", Assert.Throws<InterpException>(() => PrincipalComponents.Fit(rows, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => PrincipalComponents.Fit(new double[1, 3], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PrincipalComponents.Fit(new double[5, 3], 4));
        Assert.Throws<ShapeMismatchException>(() => PrincipalComponents.Fit(RandomMatrix.Normal(5, 3), 2).Scores(new double[2, 4]));
    }

    [Fact]
    public void No_tensor_is_left_behind() => LiveTensors.AssertNoGrowth(() =>
    {
        var rows = RandomMatrix.Normal(20, 4);
        PrincipalComponents.Fit(rows, 3).Scores(rows);
    });

    private static double[,] Covariance(double[,] rows)
    {
        var (n, d) = (rows.GetLength(0), rows.GetLength(1));
        var centred = (double[,])rows.Clone();
        for (var j = 0; j < d; j++)
        {
            var mean = rows.Column(j).Average();
            for (var i = 0; i < n; i++)
            {
                centred[i, j] -= mean;
            }
        }

        var covariance = RandomMatrix.Multiply(RandomMatrix.Transpose(centred), centred);
        foreach (ref var value in MatrixConversion.Span(covariance))
        {
            value /= n - 1;
        }

        return covariance;
    }
}
