using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.LinearAlgebra;

/// <summary>
/// Principal components of centred rows, in float64, without whitening. Signs are deterministic: the entry of largest
/// magnitude of every component is positive. Components whose variances are (nearly) equal span a well-defined subspace,
/// but their directions inside it are arbitrary.
/// </summary>
public sealed class PrincipalComponents
{
    private PrincipalComponents(double[] mean, double[,] components, double[] variances, double totalVariance)
    {
        Mean = mean;
        Components = components;
        Variances = variances;
        TotalVariance = totalVariance;
    }

    /// <summary>The mean row <c>[d]</c>.</summary>
    public double[] Mean { get; }

    /// <summary>The components as orthonormal rows <c>[k, d]</c>, largest variance first.</summary>
    public double[,] Components { get; }

    /// <summary>The variance along each component <c>[k]</c>, divided by n − 1.</summary>
    public double[] Variances { get; }

    /// <summary>The sum of the variances of all d directions.</summary>
    public double TotalVariance { get; }

    /// <summary>Each component's share of <see cref="TotalVariance"/>, 0–1; zeros where nothing varies.</summary>
    public double[] ExplainedShare => [.. Variances.Select(variance => TotalVariance > 0 ? variance / TotalVariance : 0)];

    /// <summary>Fits the components of a matrix.</summary>
    /// <inheritdoc cref="Fit(Tensor, int)"/>
    public static PrincipalComponents Fit(double[,] rows, int components)
    {
        using var scope = NewDisposeScope();
        return Fit(rows.ToTensor(), components);
    }

    /// <summary>Fits the components. Costs O(n d²) for n ≥ d, else O(n² d); memory O(n d + min(n, d)²).</summary>
    /// <param name="rows">The rows <c>[n, d]</c>, any real dtype and device; n ≥ 2.</param>
    /// <param name="components">How many components, from 1 to min(n, d).</param>
    /// <exception cref="ShapeMismatchException">The rows are no matrix of at least two rows.</exception>
    /// <exception cref="InterpException">A row holds a number that is not finite.</exception>
    public static PrincipalComponents Fit(Tensor rows, int components)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.dim() != 2 || rows.shape[0] < 2 || rows.shape[1] < 1)
        {
            throw new ShapeMismatchException("the rows of principal components", "[n ≥ 2, d ≥ 1]", rows.shape);
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(components, Math.Min(rows.shape[0], rows.shape[1]));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var data = rows.detach().to(ScalarType.Float64);
        SymmetricEigen.RequireFinite(data, "the rows of principal components");
        var mean = data.mean([0L]);
        var centred = data - mean;
        var total = centred.square().sum().item<double>() / (rows.shape[0] - 1);
        var (variances, vectors) = rows.shape[0] >= rows.shape[1] ? FromCovariance(centred) : FromSingularValues(centred);
        var kept = vectors.narrow(0, 0, components).ToMatrix();
        SymmetricEigen.FixSigns(kept);
        return new PrincipalComponents(mean.ToVector(), kept, variances.narrow(0, 0, components).ToVector(), total);
    }

    /// <summary>The coordinates of rows along the components, after the mean is removed.</summary>
    /// <param name="rows">Rows <c>[m, d]</c>.</param>
    /// <returns>The scores <c>[m, k]</c>.</returns>
    /// <exception cref="ShapeMismatchException">The rows have another width.</exception>
    public double[,] Scores(double[,] rows)
    {
        using var scope = NewDisposeScope();
        return Scores(rows.ToTensor()).ToMatrix();
    }

    /// <summary>The coordinates of rows along the components, after the mean is removed.</summary>
    /// <param name="rows">Rows <c>[m, d]</c>, any real dtype and device.</param>
    /// <returns>The scores <c>[m, k]</c>, float64 on the rows' device; the caller owns them.</returns>
    /// <exception cref="ShapeMismatchException">The rows have another width.</exception>
    public Tensor Scores(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.dim() != 2 || rows.shape[1] != Mean.Length)
        {
            throw new ShapeMismatchException("the rows to project", $"[m, {Mean.Length}]", rows.shape);
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var centred = rows.detach().to(ScalarType.Float64) - tensor(Mean, device: rows.device);
        return centred.matmul(Components.ToTensor(rows.device).t()).MoveToOuterDisposeScope();
    }

    private static (Tensor Variances, Tensor Vectors) FromCovariance(Tensor centred)
    {
        var (values, vectors) = linalg.eigh(centred.t().matmul(centred) / (centred.shape[0] - 1));
        return (values.flip(0).clamp_min(0), vectors.t().flip(0));
    }

    private static (Tensor Variances, Tensor Vectors) FromSingularValues(Tensor centred)
    {
        var (_, singular, vectors) = linalg.svd(centred, fullMatrices: false);
        return (singular.square() / (centred.shape[0] - 1), vectors);
    }
}
