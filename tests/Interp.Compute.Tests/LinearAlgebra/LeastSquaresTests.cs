using Interp.Compute.LinearAlgebra;

namespace Interp.Compute.Tests.LinearAlgebra;

public sealed class LeastSquaresTests
{
    /// <summary>Float64 with a well-conditioned design.</summary>
    private const double Rounding = 1e-12;

    [Fact]
    public void Residuals_are_orthogonal_to_the_design()
    {
        var (design, targets) = (RandomMatrix.Normal(20, 4), RandomMatrix.Normal(20, 2, seed: 5));
        var (coefficients, rank) = LeastSquares.Solve(design, targets);
        var residual = RandomMatrix.Multiply(design, coefficients);
        for (var i = 0; i < 20; i++)
        {
            for (var j = 0; j < 2; j++)
            {
                residual[i, j] = targets[i, j] - residual[i, j];
            }
        }

        Assert.Equal(4, rank);
        Assert.True(RandomMatrix.LargestDifference(new double[4, 2], RandomMatrix.Multiply(RandomMatrix.Transpose(design), residual)) < Rounding);
    }

    [Fact]
    public void A_repeated_column_shares_its_coefficient()
    {
        // Of all b₁ + b₂ = 3 the shortest is (1.5, 1.5).
        var (coefficients, rank) = LeastSquares.Solve(new double[,] { { 1, 1 }, { 2, 2 }, { 3, 3 } }, new double[,] { { 3 }, { 6 }, { 9 } });
        Assert.Equal(1, rank);
        Assert.Equal(1.5, coefficients[0, 0], Rounding);
        Assert.Equal(1.5, coefficients[1, 0], Rounding);
    }

    [Fact]
    public void A_design_of_zeros_gives_zeros() =>
        Assert.Equal((0, 0.0), (LeastSquares.Solve(new double[3, 2], new double[3, 1]).Rank, LeastSquares.Solve(new double[3, 2], new double[3, 1]).Coefficients[1, 0]));

    [Fact]
    public void Rows_must_agree() => Assert.Throws<ShapeMismatchException>(() => LeastSquares.Solve(new double[3, 2], new double[4, 1]));

    [Fact]
    public void No_tensor_is_left_behind() => LiveTensors.AssertNoGrowth(() => LeastSquares.Solve(RandomMatrix.Normal(5, 2), RandomMatrix.Normal(5, 1)));
}
