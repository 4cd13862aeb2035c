using Interp.Compute.Clustering;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Tests.LinearAlgebra;

namespace Interp.Compute.Tests.Clustering;

public sealed class SpectralClusteringTests
{
    [Theory]
    [InlineData(AffinityKind.NearestNeighbours)]
    [InlineData(AffinityKind.Dense)]
    public void Directions_that_point_together_fall_together(AffinityKind affinity)
    {
        var (rows, truth) = Directions(5, 40, 24);
        using var tensor = rows.ToTensor();
        var options = new SpectralClusteringOptions { Clusters = 5, Affinity = affinity, Neighbours = 10 };
        var result = SpectralClustering.Fit(tensor, options);
        Assert.Equal(5, truth.Zip(result.Labels).Distinct().Count());
        Assert.Equal(0, result.Labels[0]);
        Assert.Equal(1, result.Eigenvalues[0], 1e-9);
        Assert.Equal(result.Labels, SpectralClustering.Fit(tensor, options).Labels);
    }

    [Fact]
    public void The_dense_affinity_is_the_angle_with_a_zero_diagonal()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var rows = RandomMatrix.UnitRows(6, 4);
        var affinity = Affinity.Dense(rows.ToTensor()).ToDense().ToMatrix();
        var expected = new double[6, 6];
        for (var i = 0; i < 6; i++)
        {
            for (var j = 0; j < 6; j++)
            {
                expected[i, j] = i == j ? 0 : 1 - (Math.Acos(Enumerable.Range(0, 4).Sum(k => rows[i, k] * rows[j, k])) / Math.PI);
            }
        }

        var degrees = Enumerable.Range(0, 6).Select(i => Enumerable.Range(0, 6).Sum(j => expected[i, j])).ToArray();
        for (var i = 0; i < 6; i++)
        {
            for (var j = 0; j < 6; j++)
            {
                expected[i, j] /= Math.Sqrt(degrees[i] * degrees[j]);
            }
        }

        Assert.True(RandomMatrix.LargestDifference(expected, affinity) < 1e-12);
    }

    [Fact]
    public void All_neighbours_make_the_sparse_affinity_the_dense_one()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var rows = RandomMatrix.UnitRows(12, 5).ToTensor();
        var sparse = Affinity.FromNeighbours(NeighbourGraph.Build(rows, 11));
        var dense = Affinity.Dense(rows);

        // Neighbour similarities are float32.
        Assert.True(RandomMatrix.LargestDifference(dense.ToDense().ToMatrix(), sparse.ToDense().ToMatrix()) < 1e-6);
        var block = RandomMatrix.Normal(12, 7).ToTensor();
        Assert.True(RandomMatrix.LargestDifference(sparse.ToDense().matmul(block).ToMatrix(), sparse.Apply(block).ToMatrix()) < 1e-12);
    }

    [Fact]
    public void A_block_Krylov_space_agrees_with_the_direct_solve()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var (rows, _) = Directions(6, 50, 16);
        const int Wanted = 6;
        var affinity = Affinity.FromNeighbours(NeighbourGraph.Build(rows.ToTensor(), 12));
        var direct = SymmetricEigen.Decompose(affinity.ToDense());

        // The graph falls into parts: with their vectors given, and, as the search looks again from another start, without.
        foreach (var known in new[] { affinity.ComponentVectors(), null })
        {
            var (values, vectors, residual) = BlockLanczos.Top(300, Wanted, affinity.Apply, known, 1, null, TestContext.Current.CancellationToken);
            Assert.True(residual <= 1e-4);
            for (var i = 0; i < Wanted; i++)
            {
                // An eigenvalue's error is at most the residual, and in fact its square over the gap.
                Assert.Equal(direct.Values[i], values[i], 1e-6);
                Assert.Equal(1, Enumerable.Range(0, Wanted).Sum(k => Math.Pow(Enumerable.Range(0, 300).Sum(j => direct.Vectors[k, j] * vectors[i, j]), 2)), 1e-3);
            }
        }
    }

    [Fact]
    public void Parts_of_the_graph_have_their_vectors()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var (rows, truth) = Directions(6, 50, 16);
        var affinity = Affinity.FromNeighbours(NeighbourGraph.Build(rows.ToTensor(), 12));
        var vectors = affinity.ComponentVectors();
        Assert.NotNull(vectors);
        Assert.True(RandomMatrix.LargestDifference(vectors.ToMatrix(), affinity.Apply(vectors).ToMatrix()) < 1e-12);
        Assert.True(RandomMatrix.LargestDifference(TorchSharp.torch.eye(vectors.shape[1], dtype: TorchSharp.torch.ScalarType.Float64).ToMatrix(), vectors.t().matmul(vectors).ToMatrix()) < 1e-12);
        Assert.All(truth.Zip(Enumerable.Range(0, 300)).GroupBy(pair => pair.First), members =>
            Assert.Single(members.Select(pair => vectors[pair.Second].ne(0).nonzero()[0].item<long>()).Distinct()));
    }

    [Fact]
    public void Many_rows_go_through_the_Krylov_space_and_find_their_centres()
    {
        var (rows, truth) = Directions(40, 60, 24);
        using var tensor = rows.ToTensor();
        var options = new SpectralClusteringOptions { Clusters = 40, Neighbours = 40, Restarts = 3, Seed = 5 };
        var result = SpectralClustering.Fit(tensor, options);
        Assert.Equal(40, truth.Zip(result.Labels).Distinct().Count());
        Assert.Equal(result.Labels, SpectralClustering.Fit(tensor, options).Labels);

        // Fewer clusters than parts: parts are joined, never split.
        var few = SpectralClustering.Fit(tensor, options with { Clusters = 8 });
        Assert.Equal(40, truth.Zip(few.Labels).Distinct().Count());
    }

    [Fact]
    public void Hostile_input_is_refused_in_one_line()
    {
        using var rows = RandomMatrix.UnitRows(4, 3).ToTensor();
        Assert.Throws<InterpException>(() => SpectralClustering.Fit(rows, new SpectralClusteringOptions { Clusters = 5 }));
        using var one = RandomMatrix.UnitRows(1, 3).ToTensor();
        Assert.Throws<ShapeMismatchException>(() => SpectralClustering.Fit(one, new SpectralClusteringOptions { Clusters = 1 }));
    }

    [Fact]
    public void No_tensor_is_left_behind() => LiveTensors.AssertNoGrowth(() =>
    {
        using var rows = RandomMatrix.UnitRows(30, 3).ToTensor();
        SpectralClustering.Fit(rows, new SpectralClusteringOptions { Clusters = 3, Neighbours = 5 });
    });

    /// <summary>Unit rows scattered around a few random directions.</summary>
    private static (double[,] Rows, int[] Truth) Directions(int directions, int each, int width)
    {
        var centres = RandomMatrix.UnitRows(directions, width, seed: 2);
        var noise = RandomMatrix.Normal(directions * each, width, seed: 3);
        var truth = new int[directions * each];
        for (var row = 0; row < truth.Length; row++)
        {
            truth[row] = row % directions;
            var values = MatrixConversion.Span(noise).Slice(row * width, width);
            for (var j = 0; j < width; j++)
            {
                values[j] = centres[truth[row], j] + (0.1 * values[j]);
            }

            var length = Math.Sqrt(values.ToArray().Sum(v => v * v));
            foreach (ref var value in values)
            {
                value /= length;
            }
        }

        return (noise, truth);
    }
}
