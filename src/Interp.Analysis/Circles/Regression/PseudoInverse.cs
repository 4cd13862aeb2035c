using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Regression;

/// <summary>Least squares by the source's pseudo-inverse: eigenvalues of FᵀF/n below 1e-5 count as zero.</summary>
internal static class PseudoInverse
{
    /// <summary>The published cut.</summary>
    private const double Cut = 1e-5;

    /// <summary>The pseudo-inverse.</summary>
    /// <param name="design">F, float64 <c>[n, k]</c>.</param>
    /// <returns><c>[k, n]</c>, in the current dispose scope.</returns>
    public static Tensor Of(Tensor design)
    {
        using var scope = NewDisposeScope();
        var (values, vectors) = Kept(design);
        return (vectors / values).matmul(vectors.t()).matmul(design.t()).div(design.shape[0]).MoveToOuterDisposeScope();
    }

    /// <summary>An orthonormal basis of what the design's columns span, <c>[n, rank]</c>, in the current dispose scope.</summary>
    /// <param name="design">F, float64 <c>[n, k]</c>.</param>
    public static Tensor Basis(Tensor design)
    {
        using var scope = NewDisposeScope();
        var (values, vectors) = Kept(design);
        return design.matmul(vectors / values.sqrt()).div(Math.Sqrt(design.shape[0])).MoveToOuterDisposeScope();
    }

    private static (Tensor Values, Tensor Vectors) Kept(Tensor design)
    {
        var (values, vectors) = linalg.eigh(design.t().matmul(design) / design.shape[0]);
        var rank = values.ge(Cut).sum().item<long>();
        var start = values.shape[0] - rank;
        return (values.narrow(0, start, rank), vectors.narrow(1, start, rank));
    }
}
