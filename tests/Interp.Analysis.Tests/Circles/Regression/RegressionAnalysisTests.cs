using Interp.Analysis.Circles.Regression;
using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Regression;

public sealed class RegressionAnalysisTests
{
    /// <summary>The table has twelve decimals.</summary>
    private const double TableRounding = 2e-12;

    private static readonly RegressionOptions s_quick = new() { Draws = 110 };

    [Fact]
    public void Cumulative_steps_match_the_reference()
    {
        using var simple = Simple();
        var steps = RegressionAnalysis.Run(simple, s_quick with { Grid = 10, Groups = ["a=4", "b=1", "sin-a", "b"] }).Steps;
        string[] quantities = ["1", "+[a=4]", "+[b=1]", "+sin(a)", "+b"];
        Assert.All(quantities, (quantity, i) =>
        {
            Assert.Equal(ReferenceTable.Evr("evr_simple", quantity), steps[i].R2, TableRounding);
            Assert.Equal(ReferenceTable.EvrRank("evr_simple", quantity), steps[i].Rank);
        });
    }

    [Theory]
    [InlineData("evr_p7_rank2", 0.0)]
    [InlineData("evr_p7_full", 0.37)]
    public void One_hots_and_circles_over_weekdays_match_the_reference(string part, double twist)
    {
        using var values = Weekdays(twist);
        var answer = RegressionAnalysis.Run(values, s_quick with { Groups = ["onehot-a", "onehot-b", "circle-c"] }).Steps;
        var difference = RegressionAnalysis.Run(values, s_quick with { Groups = ["onehot-a", "onehot-b", "circle-d"] }).Steps[^1];
        void Check(string quantity, RegressionStep step)
        {
            Assert.Equal(ReferenceTable.Evr(part, quantity), step.R2, TableRounding);
            Assert.Equal(ReferenceTable.EvrRank(part, quantity), step.Rank);
        }

        Check("1+onehot(a)", answer[1]);
        Check("1+onehot(a)+onehot(b)", answer[2]);
        Check("+circle(a-b)", difference);
        Check("+circle(gamma)", answer[3]);
        Assert.All(Enumerable.Range(1, 3), i =>
            Assert.Equal(ReferenceTable.Evr(part, $"residual PCA variance share {i} after 1+onehot(a)+onehot(b)"), answer[2].ResidualShares[i - 1], TableRounding));
        Assert.Equal(1, answer[3].HeldOutR2, 1e-9);
        Assert.True(difference.PValue > 0.9, "what adds nothing is not significant");
    }

    [Fact]
    public void Selection_finds_what_the_activations_are_made_of_and_stops()
    {
        using var scope = NewDisposeScope();
        const int P = 11;
        using var noise = RandomTensor.Normal(P * P, 8);
        var values = Grid(P, 8, (a, b, j) =>
            (3 * Math.Cos((2 * Math.PI * 2 * (a + b) / P) + j)) + (2 * Math.Cos((2 * Math.PI * (a - b) / P) - (2.3 * j)))) + (0.3 * noise);
        var result = RegressionAnalysis.Run(values, s_quick);
        Assert.Equal(["constant", "circle-2c", "circle-d"], result.Steps.Select(step => step.Group));
        Assert.Equal([1, 3, 5], result.Steps.Select(step => step.Rank));
        Assert.InRange(result.HeldOutR2, 0.9, result.R2);
        Assert.Contains("no further group", result.Stopped, StringComparison.Ordinal);
        Assert.True(result.IsSelected);
    }

    [Fact]
    public void Noise_is_not_explained()
    {
        using var noise = RandomTensor.Normal(49, 12);
        Assert.Equal("constant", Assert.Single(RegressionAnalysis.Run(noise, s_quick).Steps).Group);
    }

    [Fact]
    public void Held_out_share_is_that_of_fits_without_each_part()
    {
        using var scope = NewDisposeScope();
        var values = RandomTensor.Normal(25, 3).to(ScalarType.Float64);
        values -= values.mean([0L], keepdim: true);
        var parts = GridFolds.Of(5, 5, 0);
        var design = cat([ones(25, 1, dtype: ScalarType.Float64), Columns("onehot-a")], 1);
        using var fit = new HeldOutFit(design, values, parts);
        var group = Columns("circle-b");
        var whole = cat([design, group], 1);
        double Error(Tensor columns) => Enumerable.Range(0, 5).Sum(part =>
        {
            long[] Rows(bool isOut) => [.. Enumerable.Range(0, 25).Where(row => (parts[row] == part) == isOut).Select(row => (long)row)];
            var (inside, outside) = (tensor(Rows(false)), tensor(Rows(true)));
            var coefficients = linalg.pinv(columns.index_select(0, inside)).matmul(values.index_select(0, inside));
            return (values.index_select(0, outside) - columns.index_select(0, outside).matmul(coefficients)).square().sum().item<double>();
        });

        var total = values.square().sum().item<double>();
        Assert.Equal(1 - (Error(design) / total), fit.R2, 1e-10);
        Assert.Equal((Error(design) - Error(whole)) / total, fit.Gain(group), 1e-10);
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(12, 7)]
    [InlineData(4, 4)]
    public void Every_level_stays_among_the_cells_that_are_fitted(int p, int folds)
    {
        var parts = GridFolds.Of(p, folds, 3);
        foreach (var level in new Func<int, int>[] { row => row / p, row => row % p, row => ((row / p) + (row % p)) % p })
        {
            Assert.All(Enumerable.Range(0, p * p).GroupBy(level), cells => Assert.True(cells.Select(row => parts[row]).Distinct().Count() > 1));
        }
    }

    [Fact]
    public void P_values_of_a_group_without_effect_are_uniform()
    {
        // 60 clouds of noise: the mean of uniform values lies within three of its deviations, √(1/12/60) = 0.037.
        var mean = Enumerable.Range(0, 60).Average(seed =>
        {
            using var noise = RandomTensor.Normal(49, 3, seed + 1);
            return RegressionAnalysis.Run(noise, s_quick with { Groups = ["circle-c"], Draws = 40, Seed = seed }).Steps[^1].PValue!.Value;
        });
        Assert.InRange(mean, 0.5 - 0.112, 0.5 + 0.125);
    }

    [Fact]
    public void Images_show_stripes_of_what_the_residual_depends_on()
    {
        using var scope = NewDisposeScope();
        var step = RegressionAnalysis.Run(Grid(7, 3, (a, _, j) => Math.Sin(a + j)), s_quick with { Groups = ["circle-c"] }).Steps[^1];
        Assert.All(Enumerable.Range(0, 49), cell => Assert.Equal(step.Colours[cell / 7 * 7], step.Colours[cell]));
    }

    [Fact]
    public void Degenerate_input_is_refused_in_one_line_or_explained_in_full()
    {
        using var scope = NewDisposeScope();
        string Refusal(Tensor values, RegressionOptions options) => Assert.ThrowsAny<InterpException>(() => RegressionAnalysis.Run(values, options)).Message;
        var values = RandomTensor.Normal(49, 3);
        Assert.Contains("[8² = 64, d]", Refusal(values, s_quick with { Grid = 8 }), StringComparison.Ordinal);
        Assert.Contains("[p², d]", Refusal(values.narrow(0, 0, 48), s_quick), StringComparison.Ordinal);
        Assert.Contains("[p², d]", Refusal(values.select(1, 0), s_quick), StringComparison.Ordinal);
        Assert.Contains("no group of features circle-4c", Refusal(values, s_quick with { Groups = ["circle-4c"] }), StringComparison.Ordinal);
        Assert.Contains("no group of features one-hot", Refusal(values, s_quick with { Groups = ["one-hot"] }), StringComparison.Ordinal);
        Assert.Contains("all rows of the activations are equal", Refusal(ones(49, 3), s_quick), StringComparison.Ordinal);
        Assert.Contains("all rows of the activations are equal", Refusal(zeros(49, 3), s_quick), StringComparison.Ordinal);
        values[3, 1] = tensor(float.PositiveInfinity);
        Assert.Contains("not finite", Refusal(values, s_quick), StringComparison.Ordinal);

        // A grid of two by two, and one column: defined.
        Assert.Equal(2, RegressionAnalysis.Run(Grid(2, 1, (a, b, _) => a + b), s_quick with { Groups = ["s"] }).Rank);
    }

    [Fact]
    public void Nothing_stays_alive_and_a_cancelled_run_stops()
    {
        using var values = Weekdays(0.37);
        LiveTensors.AssertNoGrowth(() => RegressionAnalysis.Run(values, s_quick with { MaximumGroups = 2 }));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => RegressionAnalysis.Run(values, s_quick, cancellation: source.Token));
    }

    private static Tensor Columns(string name) => tensor(GridFeatures.Columns(name, 5));

    private static Tensor Simple() => Grid(10, 10, (a, b, i) =>
    {
        double C(int k) => ((7 * k) + (3 * i) + 1) % 11 / 11.0;
        return (C(0) * Math.Sin(a)) + (C(1) * b) + (C(2) * (a == 4 ? 1 : 0)) + (C(3) * (b == 1 ? 1 : 0));
    });

    private static Tensor Weekdays(double twist) => Grid(7, 12, (a, b, j) =>
    {
        double W(int i) => Math.Sin(1 + (1.7 * i) + (0.9 * j) + (twist * i * j));
        var angle = 2 * Math.PI * ((a + b) % 7) / 7;
        return (2 * Math.Cos(angle) * W(0)) + (2 * Math.Sin(angle) * W(1)) + W(2 + a) + W(9 + b);
    });

    private static Tensor Grid(int p, int columns, Func<int, int, int, double> value)
    {
        var matrix = new double[p * p, columns];
        for (var row = 0; row < p * p; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                matrix[row, column] = value(row / p, row % p, column);
            }
        }

        return tensor(matrix);
    }
}
