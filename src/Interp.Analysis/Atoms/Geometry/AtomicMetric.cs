using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Geometry;

/// <summary>
/// The atomic inner product ⟨u, v⟩ = uᵀC⁻¹v. C is never inverted: with C + λ(tr C/d)·I = LLᵀ, vectors are whitened to L⁻¹u by a triangular
/// solve, and the product is the Euclidean one of whitened vectors.
/// </summary>
/// <remarks>Source: arXiv 2509.20784; the choice of λ is ours.</remarks>
internal sealed class AtomicMetric : IDisposable
{
    private readonly Tensor _factor;

    private AtomicMetric(Tensor factor, double ridge)
    {
        _factor = factor.DetachFromDisposeScope();
        Ridge = ridge;
        using var scope = NewDisposeScope();
        var diagonal = _factor.diagonal();
        Condition = Math.Pow(diagonal.max().item<double>() / diagonal.min().item<double>(), 2);
    }

    /// <summary>λ.</summary>
    public double Ridge { get; }

    /// <summary>(greatest over least diagonal entry of L)²: how unequal the directions of C are.</summary>
    public double Condition { get; }

    /// <summary>λ for a number of samples: the fewer a dimension, the more.</summary>
    public static double RidgeFor(long samples, int width) => samples < 20L * width ? 1e-3 : 1e-6;

    /// <summary>The metric of a second moment.</summary>
    /// <param name="matrix">C <c>[d, d]</c>, symmetric, float64.</param>
    /// <param name="ridge">λ.</param>
    public static AtomicMetric Create(Tensor matrix, double ridge)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var width = matrix.shape[0];
        var level = ridge * matrix.trace().item<double>() / width;
        var raised = matrix + (eye(width, dtype: ScalarType.Float64, device: matrix.device) * level);
        return new AtomicMetric(linalg.cholesky((raised + raised.t()) / 2), ridge);
    }

    /// <summary>The metric of a dictionary itself, C = DDᵀ.</summary>
    /// <param name="directions">One direction a row <c>[n, d]</c>.</param>
    /// <param name="ridge">λ.</param>
    public static AtomicMetric OfDirections(Tensor directions, double ridge)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rows = directions.to(ScalarType.Float64);
        return Create(rows.t().matmul(rows), ridge);
    }

    /// <summary>Whitens rows.</summary>
    /// <param name="rows"><c>[n, d]</c>.</param>
    /// <returns>L⁻¹u of each <c>[n, d]</c>, float64, owned by the caller.</returns>
    public Tensor Whiten(Tensor rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var solved = linalg.solve_triangular(_factor, rows.to(ScalarType.Float64).t().contiguous(), upper: false);
        return solved.t().contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The second half of C⁻¹: L⁻ᵀ of whitened rows, so that Unwhiten(Whiten(u)) = C⁻¹u.</summary>
    /// <param name="white"><c>[n, d]</c>.</param>
    /// <returns><c>[n, d]</c>, float64, owned by the caller.</returns>
    public Tensor Unwhiten(Tensor white)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var solved = linalg.solve_triangular(_factor.t().contiguous(), white.t().contiguous(), upper: true);
        return solved.t().contiguous().MoveToOuterDisposeScope();
    }

    public void Dispose() => _factor.Dispose();
}
