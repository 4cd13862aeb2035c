using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Weights;

/// <summary>
/// A low-rank product A·B that is never formed unless asked: norm, singular values and eigenvalues come from its factors. It owns them.
/// </summary>
public sealed class FactoredMatrix : IDisposable
{
    /// <summary>Takes the factors [m, r] and [r, n]; it owns them from now on.</summary>
    /// <exception cref="Compute.ShapeMismatchException">They do not fit each other.</exception>
    public FactoredMatrix(Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.dim() != 2 || right.dim() != 2 || left.shape[1] != right.shape[0])
        {
            throw new Compute.ShapeMismatchException("the right factor", $"[{(left.dim() == 2 ? left.shape[1] : "r")}, n]", right.shape);
        }

        (Left, Right) = (left.DetachFromDisposeScope(), right.DetachFromDisposeScope());
    }

    /// <summary>[m, r].</summary>
    public Tensor Left { get; }

    /// <summary>[r, n].</summary>
    public Tensor Right { get; }

    /// <summary>The Frobenius norm, √tr(AᵀA·BBᵀ), in O((m + n)·r²).</summary>
    public double Norm()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Left.to(ScalarType.Float64), Right.to(ScalarType.Float64));
        return Math.Sqrt(Math.Max(0, (a.t().matmul(a) * b.matmul(b.t())).sum().ToDouble()));
    }

    /// <summary>The singular values, largest first, float64 [r].</summary>
    public double[] SingularValues()
    {
        using var scope = NewDisposeScope();
        return linalg.svdvals(Core()).cpu().data<double>().ToArray();
    }

    /// <summary>U [m, r], S [r], V [n, r] with A·B = U·diag(S)·Vᵀ; float64, owned by the caller.</summary>
    public (Tensor U, Tensor S, Tensor V) Svd()
    {
        using var scope = NewDisposeScope();
        var (qa, ra) = linalg.qr(Left.to(ScalarType.Float64));
        var (qb, rb) = linalg.qr(Right.to(ScalarType.Float64).t());
        var (u, s, vt) = linalg.svd(ra.matmul(rb.t()), fullMatrices: false);
        return (qa.matmul(u).MoveToOuterDisposeScope(), s.MoveToOuterDisposeScope(), qb.matmul(vt.t()).MoveToOuterDisposeScope());
    }

    /// <summary>The r eigenvalues of a square product that may differ from zero: those of B·A.</summary>
    /// <exception cref="Compute.ShapeMismatchException">The product is not square.</exception>
    public System.Numerics.Complex[] Eigenvalues()
    {
        if (Left.shape[0] != Right.shape[1])
        {
            throw new Compute.ShapeMismatchException("the product", "square", [Left.shape[0], Right.shape[1]]);
        }

        using var scope = NewDisposeScope();
        var values = linalg.eigvals(Right.to(ScalarType.Float64).matmul(Left.to(ScalarType.Float64)));
        var (real, imaginary) = (values.real.cpu().data<double>().ToArray(), values.imag.cpu().data<double>().ToArray());
        return [.. real.Zip(imaginary, (a, b) => new System.Numerics.Complex(a, b))];
    }

    /// <summary>This product times another, still factored; owned by the caller.</summary>
    public FactoredMatrix Times(FactoredMatrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var scope = NewDisposeScope();
        var middle = Right.matmul(other.Left); // [r, s]
        return middle.shape[0] <= middle.shape[1]
            ? new FactoredMatrix(Left.clone(), middle.matmul(other.Right))
            : new FactoredMatrix(Left.matmul(middle), other.Right.clone());
    }

    /// <summary>Bᵀ·Aᵀ, still factored; owned by the caller.</summary>
    public FactoredMatrix Transposed() => new(Right.t().clone(), Left.t().clone());

    /// <summary>The product itself, [m, n]; owned by the caller.</summary>
    public Tensor Product() => Left.matmul(Right);

    /// <summary>Frees the factors.</summary>
    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }

    private Tensor Core()
    {
        var (_, ra) = linalg.qr(Left.to(ScalarType.Float64));
        var (_, rb) = linalg.qr(Right.to(ScalarType.Float64).t());
        return ra.matmul(rb.t());
    }
}
