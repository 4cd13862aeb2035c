using Interp.Analysis.Atoms.Geometry;
using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Atoms.Geometry;

public sealed class AtomicMetricTests
{
    private const double Exact = 1e-9;

    /// <summary>The three directions (1, 0), (0, 1), (1, 1)/√2, whose numbers are worked out by hand.</summary>
    private static readonly double[,] s_three = { { 1, 0 }, { 0, 1 }, { Math.Sqrt(0.5), Math.Sqrt(0.5) } };

    [Fact]
    public void Three_directions_in_the_plane_have_their_exact_products()
    {
        using var scope = NewDisposeScope();
        var directions = s_three.ToTensor();
        using var metric = AtomicMetric.OfDirections(directions, ridge: 0);
        var white = metric.Whiten(directions);
        var gram = white.matmul(white.t()).ToMatrix();
        Assert.Equal(0.75, gram[0, 0], Exact);
        Assert.Equal(0.5, gram[2, 2], Exact);
        Assert.Equal(-0.25, gram[0, 1], Exact);
        Assert.Equal(0.353553390593, gram[0, 2], Exact);
        Assert.Equal(2, MatrixConversion.Span(gram).ToArray().Sum(entry => entry * entry), Exact);

        var atomic = PairCoherence.Of(white);
        Assert.Equal(0.577350269190, atomic.Maximum, Exact);
        Assert.Equal(1.0 / 3, atomic.PairQuantile(1.0 / 3), 1e-4);
        Assert.Equal(0.577350269190, atomic.AtomQuantile(0.01), Exact);
        Assert.Equal(1, UniquenessBound.LargestSparsity(atomic.Maximum));
        Assert.Equal(0.707106781187, PairCoherence.Of(directions).Maximum, Exact);
    }

    [Fact]
    public void A_dictionary_in_its_own_metric_has_the_least_possible_mean_square_cosine()
    {
        // mean ‖d_i‖² = H/N and Σ G² = H, whatever the directions.
        const int Width = 12;
        const int Count = 40;
        using var scope = NewDisposeScope();
        var directions = RandomTensor.Normal(Count, Width).to(ScalarType.Float64);
        using var metric = AtomicMetric.OfDirections(directions, ridge: 0);
        var white = metric.Whiten(directions);
        Assert.Equal((double)Width / Count, white.square().sum(1).mean().item<double>(), Exact);
        Assert.Equal(Width, white.matmul(white.t()).square().sum().item<double>(), 1e-8);
    }

    [Fact]
    public void On_its_own_sample_the_mean_squared_length_is_the_width()
    {
        using var scope = NewDisposeScope();
        var rows = RandomTensor.Normal(500, 7).to(ScalarType.Float64) * tensor(new[] { 1.0, 5, 0.1, 2, 2, 9, 1 }) + 3;
        using var moment = new SecondMoment(7);
        moment.Add(rows.narrow(0, 0, 200));
        moment.Add(rows.narrow(0, 200, 300));
        using var metric = AtomicMetric.Create(moment.Matrix(MetricCentring.None), ridge: 0);
        Assert.Equal(7, metric.Whiten(rows).square().sum(1).mean().item<double>(), 1e-8);
        var centred = rows - rows.mean([0L]);
        var covariance = centred.t().matmul(centred) / 500;
        Assert.InRange((moment.Matrix(MetricCentring.Mean) - covariance).abs().max().item<double>(), 0, 1e-9);
        Assert.InRange((moment.Shuffled(MetricCentring.Mean) - covariance.diagonal().diag()).abs().max().item<double>(), 0, 1e-9);
    }

    [Fact]
    public void Whitening_takes_the_anisotropy_out_of_shifted_directions()
    {
        // Random unit vectors of width 48 with a common shift of length 1: mean angle 59.6° as they are, 89.1° whitened.
        using var scope = NewDisposeScope();
        var rows = RandomTensor.Normal(192, 48).to(ScalarType.Float64);
        rows = rows / rows.norm(1, keepdim: true);
        var shift = RandomTensor.Normal(1, 48, 2).to(ScalarType.Float64);
        rows = rows + (shift / shift.norm());
        using var metric = AtomicMetric.OfDirections(rows, 0);
        Assert.Equal(59.6, MeanAngle(rows), 1.0);
        Assert.Equal(89.1, MeanAngle(metric.Whiten(rows)), 0.5);
    }

    [Fact]
    public void The_coherence_of_pairs_equals_brute_force()
    {
        using var scope = NewDisposeScope();
        var rows = RandomTensor.Normal(700, 9).to(ScalarType.Float64);
        var coherence = PairCoherence.Of(rows);
        var unit = rows / rows.norm(1, keepdim: true);
        var gram = unit.matmul(unit.t()).abs().ToMatrix();
        var pairs = new List<double>();
        for (var i = 0; i < 700; i++)
        {
            for (var j = i + 1; j < 700; j++)
            {
                pairs.Add(gram[i, j]);
            }
        }

        pairs.Sort();
        Assert.Equal(pairs.Count, coherence.Pairs);
        Assert.Equal(pairs[^1], coherence.Maximum, Exact);
        foreach (var q in new[] { 0.05, 0.5, 0.9, 0.999 })
        {
            Assert.Equal(pairs[(int)(q * pairs.Count)], coherence.PairQuantile(q), 2e-4);
            Assert.Equal(q, coherence.ShareOfPairsBelow(pairs[(int)(q * pairs.Count)]), 2e-4);
        }
    }

    [Theory]
    [InlineData(8, 0.99863)]
    [InlineData(16, 0.8785)]
    [InlineData(32, 0.5539)]
    public void Random_directions_reach_the_quantile_that_the_normal_law_foresees(int active, double expected)
    {
        using var scope = NewDisposeScope();
        var coherence = PairCoherence.Of(RandomTensor.Normal(600, 2304));
        Assert.Equal(expected, UniquenessBound.QStar(coherence.ShareOfPairsBelow, active), 0.02 * expected);
        Assert.Equal(NormalLaw(2304, active), expected, 1e-3);
    }

    [Fact]
    public void The_crossing_is_found_where_sparsity_varies()
    {
        // Half of the rows have one active latent, half have three: bounds 1 and 0.2.
        double[] shares = [0, 0.5, 0.5, 1];
        Assert.Equal(0.5, UniquenessBound.QStar(bound => bound < 1 ? 0.1 : 1, shares));
        Assert.Equal(0.8, UniquenessBound.QStar(bound => bound < 1 ? 0.8 : 1, shares));
        Assert.Equal(0.3, UniquenessBound.QStar(bound => bound < 1 ? 0.1 : 0.3, shares));
    }

    [Fact]
    public void Nothing_stays_alive()
    {
        using var rows = RandomTensor.Normal(60, 9);
        LiveTensors.AssertNoGrowth(() =>
        {
            using var moment = new SecondMoment(9);
            moment.Add(rows);
            using var matrix = moment.Matrix(MetricCentring.Mean);
            using var shuffled = moment.Shuffled(MetricCentring.None);
            using var metric = AtomicMetric.Create(matrix, 1e-3);
            using var white = metric.Whiten(rows);
            _ = PairCoherence.Of(white);
        });
    }

    private static double MeanAngle(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var unit = rows / rows.norm(1, keepdim: true);
        var gram = unit.matmul(unit.t()).clamp(-1, 1).acos().ToMatrix();
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < gram.GetLength(0); i++)
        {
            for (var j = i + 1; j < gram.GetLength(0); j++)
            {
                sum += gram[i, j];
                count++;
            }
        }

        return sum / count * 180 / Math.PI;
    }

    /// <summary>2Φ(√H/(2K − 1)) − 1, by Simpson's rule.</summary>
    private static double NormalLaw(int width, int active)
    {
        var bound = Math.Sqrt(width) / ((2 * active) - 1);
        const int Steps = 2000;
        double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        var h = bound / Steps;
        var sum = Density(0) + Density(bound);
        for (var i = 1; i < Steps; i++)
        {
            sum += Density(i * h) * (i % 2 == 0 ? 2 : 4);
        }

        return 2 * sum * h / 3;
    }
}
