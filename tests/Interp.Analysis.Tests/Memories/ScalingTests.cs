using Interp.Analysis.Memories;
using Interp.Analysis.Memories.Scaling;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Memories;

/// <summary>The documented numbers of the Hebbian self-test: α 2, N 1000, M 5, value x mod 5.</summary>
public sealed class ScalingTests
{
    private static readonly int[] s_targets = [.. Enumerable.Range(0, 1000).Select(key => key % 5)];

    [Theory]
    [InlineData(StorageScheme.Equal, 0.744, 0.375)]
    [InlineData(StorageScheme.Proportional, 0.195, 0.0738)]
    [InlineData(StorageScheme.SquareRoot, 0.148, 0.0194)]
    [InlineData(StorageScheme.LeadingEighth, 0.342, 0.0094)]
    [InlineData(StorageScheme.Leading, 0.230, 0.163)]
    public void The_finite_size_prediction_has_the_documented_values(StorageScheme scheme, double small, double large)
    {
        var p = ScalingAnalysis.Zipf(1000, 2);
        Assert.Equal(small, StoragePrediction.Error(ScalingAnalysis.Weights(scheme, p, 10), s_targets, p, 10), 6e-4);
        Assert.Equal(1, StoragePrediction.Error(ScalingAnalysis.Weights(scheme, p, 398), s_targets, p, 398) / large, 6e-3);
    }

    [Theory]
    [InlineData(1.5, 0.425009, 0.018594, -0.3444)]
    [InlineData(2, 0.210966, 0.002182, -0.4997)]
    [InlineData(3, 0.088223, 0.000197, -0.6661)]
    public void The_unseen_mass_is_the_documented_one(double alpha, double ten, double most, double slope)
    {
        var result = ScalingAnalysis.Run(new ScalingOptions { Alpha = alpha, Keys = 20, Trials = 1, Dimensions = [4] });
        Assert.Equal(ten, result.UnseenMass[0], 1e-6);
        Assert.Equal(most, result.UnseenMass[^1], 1e-6);
        Assert.Equal(slope, result.UnseenSlope!.Slope, 1e-4);
    }

    [Fact]
    public void Measured_errors_and_slopes_are_the_documented_ones()
    {
        var result = ScalingAnalysis.Run(new ScalingOptions { Dimensions = [34, 63, 116, 215, 398] });
        ScalingCurve Of(StorageScheme scheme) => result.Curves.Single(curve => curve.Scheme == scheme);
        Assert.Equal(1, Of(StorageScheme.LeadingEighth).Points[^1].Error / 0.0092, 0.15);
        Assert.Equal(1, Of(StorageScheme.SquareRoot).Points[^1].Error / 0.0188, 0.20);
        Assert.Equal(1, Of(StorageScheme.Proportional).Points[^1].Error / 0.0737, 0.25);
        Assert.Equal(-1.011, Of(StorageScheme.LeadingEighth).Slope!.Slope, 0.12);
        Assert.Equal(-0.581, Of(StorageScheme.SquareRoot).Slope!.Slope, 0.12);
        Assert.Equal(-0.235, Of(StorageScheme.Proportional).Slope!.Slope, 0.12);
        Assert.Equal(2, ScalingFigures.Draw(result).Count);
    }

    [Theory]
    [InlineData(32, 32, 0.88, 1.00)]
    [InlineData(32, 64, 0.72, 0.99)]
    [InlineData(32, 128, 0.38, 0.82)]
    [InlineData(64, 256, 0.70, 0.95)]
    public void Random_bijections_are_recalled_as_documented(int width, int keys, double first, double ten)
    {
        var equal = Enumerable.Repeat(1.0, keys).ToArray();
        var recalls = Enumerable.Range(0, 4).Select(trial =>
        {
            using var scope = NewDisposeScope();
            var (e, _) = HebbianMemory.Embeddings(keys, keys, width, trial);
            var (u, _) = HebbianMemory.Embeddings(keys, keys, width, 100 + trial);
            var scores = HebbianMemory.Recall(e, u, [.. Enumerable.Range(0, keys)], equal, default);
            return (scores.Recall(1, equal), scores.Recall(10, equal));
        }).ToArray();
        Assert.Equal(first, recalls.Average(recall => recall.Item1), 0.08);
        Assert.Equal(ten, recalls.Average(recall => recall.Item2), 0.08);
    }

    [Fact]
    public void Orthonormal_embeddings_make_no_error_and_give_back_the_weights()
    {
        using var scope = NewDisposeScope();
        var (keys, values) = (eye(12, dtype: ScalarType.Float64), eye(12, dtype: ScalarType.Float64).narrow(0, 0, 4));
        double[] weights = [.. Enumerable.Range(1, 12).Select(rank => 1.0 / rank)];
        var scores = HebbianMemory.Recall(keys, values, [.. Enumerable.Range(0, 12).Select(key => key % 4)], weights, default);
        Assert.All(scores.Rank, rank => Assert.Equal(1, rank));
        Assert.Equal(weights, scores.Target.Select(score => Math.Round(score, 12)).Zip(weights, (score, weight) => Math.Abs(score - weight) < 1e-11 ? weight : score));
        Assert.All(scores.BestOther, score => Assert.Equal(0, score, 1e-6));
    }

    [Fact]
    public void Nothing_stored_recalls_nothing()
    {
        using var scope = NewDisposeScope();
        var scores = AssociationScores.Of(zeros(6, 3), RandomTensor.Normal(4, 3), [.. Enumerable.Range(0, 6).Select(key => new[] { key % 4 })], default);
        Assert.Equal(0, scores.Recall(1, Enumerable.Repeat(1.0, 6).ToArray()));
        Assert.All(scores.Winner, winner => Assert.Equal(-1, winner));
        Assert.All(scores.Rank, rank => Assert.Equal(4, rank));
    }

    [Fact]
    public void Scores_are_those_of_a_double_loop_with_several_targets()
    {
        using var scope = NewDisposeScope();
        var (keys, values) = (RandomTensor.Normal(50, 4), RandomTensor.Normal(9, 4, seed: 2));
        int[][] targets = [.. Enumerable.Range(0, 50).Select(key => key % 3 == 0 ? new[] { key % 9, (key + 4) % 9 } : [key % 9])];
        var scores = AssociationScores.Of(keys, values, targets, default);
        var product = keys.matmul(values.t());
        for (var key = 0; key < 50; key++)
        {
            var row = product[key].data<float>().ToArray();
            var best = targets[key].Max(target => row[target]);
            var others = Enumerable.Range(0, 9).Except(targets[key]).Select(value => row[value]).ToArray();
            Assert.Equal(best, scores.Target[key], 1e-5);
            Assert.Equal(others.Max(), scores.BestOther[key], 1e-5);
            Assert.Equal(1 + others.Count(other => other >= best), scores.Rank[key]);
        }
    }
}
