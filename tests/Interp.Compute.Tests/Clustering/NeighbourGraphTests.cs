using Interp.Compute.Clustering;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Tests.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Clustering;

public sealed class NeighbourGraphTests
{
    /// <summary>Float32 products of unit rows of width 16.</summary>
    private const double SinglePrecision = 1e-6;

    [Theory]
    [InlineData(50, 5)]
    [InlineData(1500, 3)]
    [InlineData(9000, 2)]
    public void Neighbours_are_those_of_a_full_search(int count, int neighbours)
    {
        var rows = RandomMatrix.UnitRows(count, 16);
        using var tensor = rows.ToTensor();
        var graph = NeighbourGraph.Build(tensor, neighbours);
        for (var row = 0; row < count; row += Math.Max(1, count / 25))
        {
            var expected = Enumerable.Range(0, count).Where(other => other != row)
                .Select(other => (Similarity: Dot(rows, row, other), Row: other)).OrderByDescending(pair => pair.Similarity).Take(neighbours).ToArray();
            for (var i = 0; i < neighbours; i++)
            {
                Assert.Equal(expected[i].Row, graph.Indices[(row * neighbours) + i]);
                Assert.Equal(expected[i].Similarity, graph.Similarities[(row * neighbours) + i], SinglePrecision);
            }
        }
    }

    [Fact]
    public void Equal_similarities_are_ordered_by_row()
    {
        using var tensor = ones(5, 1);
        var graph = NeighbourGraph.Build(tensor, 3);
        Assert.Equal([1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2, 0, 1, 2], graph.Indices);
    }

    [Fact]
    public void Hostile_input_is_refused()
    {
        using var tensor = ones(5, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => NeighbourGraph.Build(tensor, 5));
        using var bad = tensor / 0.0 * 0.0;
        Assert.Throws<InterpException>(() => NeighbourGraph.Build(bad, 1));
        using var vector = ones(5);
        Assert.Throws<ShapeMismatchException>(() => NeighbourGraph.Build(vector, 1));
        Assert.ThrowsAny<OperationCanceledException>(() => NeighbourGraph.Build(tensor, 1, cancellation: new CancellationToken(true)));
    }

    [Fact]
    public void No_tensor_is_left_behind() => LiveTensors.AssertNoGrowth(() =>
    {
        using var tensor = ones(5, 2);
        NeighbourGraph.Build(tensor, 2);
    });

    private static double Dot(double[,] rows, int a, int b) => Enumerable.Range(0, rows.GetLength(1)).Sum(j => rows[a, j] * rows[b, j]);
}
