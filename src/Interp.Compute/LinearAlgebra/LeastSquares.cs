using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.LinearAlgebra;

/// <summary>Linear least squares in float64: of all minimisers, the one of smallest norm.</summary>
public static class LeastSquares
{
    /// <summary>Singular values below this share of the largest count as zero.</summary>
    public const double DefaultRelativeCut = 1e-10;

    /// <summary>
    /// Solves argmin ‖design · B − targets‖ through the singular value decomposition, so that a rank-deficient design has one
    /// answer. Costs O(n k²).
    /// </summary>
    /// <param name="design">The design <c>[n, k]</c>.</param>
    /// <param name="targets">The targets <c>[n, m]</c>.</param>
    /// <param name="relativeCut">Singular values below this share of the largest count as zero.</param>
    /// <returns>The coefficients B <c>[k, m]</c> and the rank of the design.</returns>
    /// <exception cref="ShapeMismatchException">Design and targets differ in their number of rows.</exception>
    /// <exception cref="InterpException">A number is not finite.</exception>
    public static (double[,] Coefficients, int Rank) Solve(double[,] design, double[,] targets, double relativeCut = DefaultRelativeCut)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(targets);
        if (design.GetLength(0) != targets.GetLength(0))
        {
            throw new ShapeMismatchException("the targets of least squares", $"[{design.GetLength(0)}, m]", [targets.GetLength(0), targets.GetLength(1)]);
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var matrix = design.ToTensor();
        var wanted = targets.ToTensor();
        SymmetricEigen.RequireFinite(matrix, "the design of least squares");
        SymmetricEigen.RequireFinite(wanted, "the targets of least squares");
        var (left, singular, right) = linalg.svd(matrix, fullMatrices: false);
        var values = singular.ToVector();
        var rank = values.Count(value => value > relativeCut * values[0]);
        if (rank == 0)
        {
            return (new double[design.GetLength(1), targets.GetLength(1)], 0);
        }

        // B = Vᵀ diag(1/s) Uᵀ T over the kept singular values.
        var projected = left.narrow(1, 0, rank).t().matmul(wanted) / singular.narrow(0, 0, rank).unsqueeze(1);
        return (right.narrow(0, 0, rank).t().matmul(projected).ToMatrix(), rank);
    }
}
