using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Probe;

/// <summary>
/// A linear readout ŷ(x) = (x − m)PᵀA of targets from the first principal directions P of activations, and the way back:
/// t ↦ t·A⁺P, which for A = QR is t·R⁻¹QᵀP.
/// </summary>
/// <remarks>Source: arXiv 2405.14860, section 4.2; minimum-norm least squares without intercept, relative cut 1e-10. All float64 on the CPU.</remarks>
internal sealed class CircleReadout : IDisposable
{
    private const double RelativeCut = 1e-10;

    private CircleReadout(Tensor mean, Tensor directions, Tensor coefficients)
    {
        (Mean, Directions, Coefficients) = (mean, directions, coefficients);
        Lift = linalg.pinv(coefficients, atol: 0, rtol: RelativeCut).matmul(directions);

        // The rows of the lift span the plane also where the coefficients have fewer dimensions than targets.
        var (_, sizes, rows) = linalg.svd(Lift, fullMatrices: false);
        var rank = sizes.gt(sizes.max() * RelativeCut).sum().ToInt64();
        Plane = rows.narrow(0, 0, rank);
    }

    /// <summary>m, [d].</summary>
    public Tensor Mean { get; }

    /// <summary>P, orthonormal rows or zero where the activations have fewer dimensions, [k, d].</summary>
    public Tensor Directions { get; }

    /// <summary>A, [k, c].</summary>
    public Tensor Coefficients { get; }

    /// <summary>A⁺P, [c, d].</summary>
    public Tensor Lift { get; }

    /// <summary>U, an orthonormal basis of what the readout reads, [≤ c, d].</summary>
    public Tensor Plane { get; }

    /// <summary>Fits a readout.</summary>
    /// <param name="activations">float64 [n, d].</param>
    /// <param name="targets">float64 [n, c].</param>
    /// <param name="components">k, at most d.</param>
    /// <returns>The readout, owned by the caller.</returns>
    public static CircleReadout Fit(Tensor activations, Tensor targets, int components)
    {
        using var scope = NewDisposeScope();
        var mean = activations.mean([0]);
        var directions = Principal(activations - mean, components);
        var readout = new CircleReadout(mean, directions, Solve((activations - mean).matmul(directions.t()), targets));
        foreach (var tensor in readout.All())
        {
            tensor.DetachFromDisposeScope();
        }

        return readout;
    }

    /// <summary>ŷ(x), [n, c] in the current dispose scope.</summary>
    public Tensor Read(Tensor activations)
    {
        using var scope = NewDisposeScope();
        return (activations - Mean).matmul(Directions.t()).matmul(Coefficients).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in All())
        {
            tensor.Dispose();
        }
    }

    /// <summary>The first principal directions of centred rows, [k, d] in the current dispose scope; empty ones are zero.</summary>
    internal static Tensor Principal(Tensor centred, int components)
    {
        using var scope = NewDisposeScope();
        var (n, d) = (centred.shape[0], centred.shape[1]);
        var kept = Math.Min(components, Math.Min(n, d));
        if (d <= n)
        {
            var (_, directions) = linalg.eigh(centred.t().matmul(centred));
            return directions.flip(1).narrow(1, 0, kept).t().contiguous().MoveToOuterDisposeScope();
        }

        // With fewer rows than columns the small Gram matrix has the same spectrum: direction = rowsᵀ·u / σ.
        var (energies, combinations) = linalg.eigh(centred.matmul(centred.t()));
        var sizes = energies.flip(0).narrow(0, 0, kept).clamp_min(0).sqrt().unsqueeze(1);
        var rows = combinations.flip(1).narrow(1, 0, kept).t().matmul(centred);
        return where(sizes > sizes.max() * 1e-7, rows / sizes, zeros_like(rows)).MoveToOuterDisposeScope();
    }

    /// <summary>Minimum-norm least squares, [k, c] in the current dispose scope.</summary>
    internal static Tensor Solve(Tensor scores, Tensor targets)
    {
        using var scope = NewDisposeScope();
        return linalg.pinv(scores, atol: 0, rtol: RelativeCut).matmul(targets).MoveToOuterDisposeScope();
    }

    private IEnumerable<Tensor> All() => [Mean, Directions, Coefficients, Lift, Plane];
}
