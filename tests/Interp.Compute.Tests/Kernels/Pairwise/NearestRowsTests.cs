using Interp.Compute.Kernels.Pairwise;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Tests.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.Pairwise;

/// <summary>Neighbours and distances against a double loop in float64; derived once a version.</summary>
public abstract class NearestRowsTests
{
    private readonly PairwiseBackend _backend;

    internal NearestRowsTests(PairwiseBackend backend) => _backend = backend;

    [Theory]
    [InlineData(2, 1, 5)]
    [InlineData(61, 3, 4)]
    [InlineData(300, 17, 25)]
    [InlineData(1100, 6, 3)]
    public void Neighbours_are_those_of_a_double_loop(int count, int width, int wanted)
    {
        var matrix = RandomMatrix.Normal(count, width, seed: count);
        using var rows = matrix.ToTensor();
        var table = NearestRows.Of(rows, wanted, _backend);
        Assert.Equal((count, Math.Min(wanted, count - 1)), (table.Count, table.Neighbours));
        foreach (var row in new[] { 0, count / 2, count - 1 })
        {
            var order = Enumerable.Range(0, count).Where(other => other != row).OrderBy(other => Distance(matrix, row, other)).Take(table.Neighbours).ToArray();
            for (var place = 0; place < order.Length; place++)
            {
                Assert.Equal(order[place], table.Rows[row, place]);
                Assert.Equal(Distance(matrix, row, order[place]), table.Distances[row, place], 1e-12);
            }
        }
    }

    /// <summary>Close rows far from the origin: products alone would lose the distances.</summary>
    [Fact]
    public void Close_rows_far_away_keep_their_distances()
    {
        var matrix = RandomMatrix.Normal(200, 4, seed: 7);
        for (var row = 0; row < 200; row++)
        {
            matrix[row, 0] += 1e5;
        }

        using var rows = matrix.ToTensor();
        var table = NearestRows.Of(rows, 2, _backend);
        var nearest = Enumerable.Range(1, 199).Min(other => Distance(matrix, 0, other));
        Assert.Equal(nearest, table.Distances[0, 0], 1e-9);
    }

    [Fact]
    public void All_distances_are_those_of_a_double_loop()
    {
        var matrix = RandomMatrix.Normal(90, 5, seed: 3);
        using var rows = matrix.ToTensor();
        using var distances = NearestRows.AllDistances(rows, _backend);
        var values = distances.ToMatrix();
        for (var i = 0; i < 90; i++)
        {
            for (var j = 0; j < 90; j++)
            {
                Assert.Equal(i == j ? 0 : Distance(matrix, i, j), values[i, j], 1e-10);
            }
        }
    }

    [Fact]
    public void Equal_rows_are_at_distance_zero_and_hostile_input_is_refused()
    {
        using var equal = ones(9, 3);
        Assert.Equal(0, NearestRows.Of(equal, 2, _backend).Distances[4, 1]);
        using var one = ones(1, 3);
        using var vector = ones(3);
        using var broken = tensor(new double[,] { { 1, 0 }, { double.NaN, 1 } });
        Assert.Throws<InterpException>(() => NearestRows.Of(one, 1, _backend));
        Assert.Throws<ShapeMismatchException>(() => NearestRows.Of(vector, 1, _backend));
        Assert.Throws<InterpException>(() => NearestRows.Of(broken, 1, _backend));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var rows = rand(70, 4);
        LiveTensors.AssertNoGrowth(() => NearestRows.Of(rows, 3, _backend));
        LiveTensors.AssertNoGrowth(() => NearestRows.AllDistances(rows, _backend).Dispose());
    }

    private static double Distance(double[,] rows, int i, int j)
    {
        var sum = 0.0;
        for (var k = 0; k < rows.GetLength(1); k++)
        {
            sum += (rows[i, k] - rows[j, k]) * (rows[i, k] - rows[j, k]);
        }

        return Math.Sqrt(sum);
    }
}

/// <summary>Differences by torch operations.</summary>
public sealed class ReferenceNearestRowsTests() : NearestRowsTests(PairwiseBackend.Reference);

/// <summary>Tiles of products with SIMD.</summary>
public sealed class CpuNearestRowsTests() : NearestRowsTests(PairwiseBackend.Cpu);

/// <summary>The ILGPU kernels on ILGPU's accelerator for the CPU.</summary>
public sealed class GpuNearestRowsTests() : NearestRowsTests(PairwiseBackend.Gpu);
