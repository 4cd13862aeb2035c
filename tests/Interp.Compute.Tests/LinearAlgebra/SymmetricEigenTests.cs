using Interp.Compute.LinearAlgebra;

namespace Interp.Compute.Tests.LinearAlgebra;

public sealed class SymmetricEigenTests
{
    /// <summary>Float64 decomposition of a matrix of size 8 and norm about 5.</summary>
    private const double Rounding = 1e-12;

    [Fact]
    public void Vectors_times_values_rebuild_the_matrix()
    {
        var half = RandomMatrix.Normal(8, 8);
        var matrix = RandomMatrix.Multiply(half, RandomMatrix.Transpose(half));
        var eigen = SymmetricEigen.Decompose(matrix);

        var scaled = (double[,])eigen.Vectors.Clone();
        for (var i = 0; i < 8; i++)
        {
            for (var j = 0; j < 8; j++)
            {
                scaled[i, j] *= eigen.Values[i];
            }
        }

        Assert.True(RandomMatrix.LargestDifference(matrix, RandomMatrix.Multiply(RandomMatrix.Transpose(eigen.Vectors), scaled)) < 10 * Rounding);
        Assert.True(eigen.Values.SequenceEqual(eigen.Values.OrderDescending()));
    }

    [Fact]
    public void The_path_graph_has_its_closed_form_spectrum()
    {
        // Adjacency of a path of n vertices: 2 cos(πj/(n+1)).
        var matrix = new double[6, 6];
        for (var i = 0; i < 5; i++)
        {
            matrix[i, i + 1] = matrix[i + 1, i] = 1;
        }

        var values = SymmetricEigen.Decompose(matrix).Values;
        for (var j = 1; j <= 6; j++)
        {
            Assert.Equal(2 * Math.Cos(Math.PI * j / 7), values[j - 1], Rounding);
        }
    }

    [Fact]
    public void Hostile_input_is_refused_in_one_line()
    {
        Assert.Throws<ShapeMismatchException>(() => SymmetricEigen.Decompose(new double[2, 3]));
        Assert.Throws<InterpException>(() => SymmetricEigen.Decompose(new double[,] { { 1, 0 }, { double.PositiveInfinity, 1 } }));
    }

    [Fact]
    public void No_tensor_is_left_behind() => LiveTensors.AssertNoGrowth(() => SymmetricEigen.Decompose(new double[,] { { 2, 1 }, { 1, 3 } }));
}
