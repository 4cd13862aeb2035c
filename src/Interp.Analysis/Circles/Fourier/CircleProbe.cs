using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>How well a linear probe of principal scores reads an angle.</summary>
/// <param name="CosineR2">Variance of the cosine explained, on the rows that were fitted.</param>
/// <param name="SineR2">The same for the sine; null at the Nyquist frequency, which has none.</param>
/// <param name="HeldOutR2">The lower of the two on rows that were not fitted; may be negative.</param>
/// <param name="RadiusVariation">Standard deviation over mean of the read-out point's distance from the origin.</param>
public sealed record CircleProbe(double CosineR2, double? SineR2, double HeldOutR2, double RadiusVariation)
{
    /// <summary>The lower of the two fitted shares.</summary>
    public double R2 => Math.Min(CosineR2, SineR2 ?? CosineR2);

    /// <summary>The scores on the first principal directions.</summary>
    /// <param name="values">float64 [n, d].</param>
    /// <param name="components">How many directions; at most d.</param>
    /// <returns>[n, k], owned by the caller, and the share of variance in each direction, [min(n, d)].</returns>
    internal static (Tensor Scores, double[] Shares) PrincipalScores(Tensor values, int components)
    {
        using var scope = NewDisposeScope();
        var centred = values - values.mean([0], keepdim: true);
        var (variances, directions) = linalg.eigh(centred.t().matmul(centred));
        var descending = variances.flip(0).clamp_min(0);
        var shares = (descending / descending.sum().clamp_min(double.Epsilon)).data<double>().ToArray();
        var kept = directions.flip(1).narrow(1, 0, Math.Min(components, values.shape[1]));
        return (centred.matmul(kept).MoveToOuterDisposeScope(), shares);
    }

    /// <summary>Fits cos and sin of an angle by least squares without intercept, both centred by construction.</summary>
    /// <param name="scores">float64 [n, k], column means zero.</param>
    /// <param name="angles">The angle of each row, radians.</param>
    /// <param name="hasSine">False at the Nyquist frequency.</param>
    /// <param name="fitted">The rows to fit for the held-out share, or null to leave out one row at a time.</param>
    internal static CircleProbe Fit(Tensor scores, double[] angles, bool hasSine, IReadOnlyList<int>? fitted)
    {
        using var scope = NewDisposeScope();
        var targets = Targets(angles, hasSine);
        var read = scores.matmul(Solve(scores, targets));
        var shares = R2Of(targets, read);
        var heldOut = fitted is null ? LeaveOneOut(scores, targets, read) : Split(scores, targets, fitted);
        var radius = read.square().sum(1).sqrt();
        return new CircleProbe(shares[0], hasSine ? shares[1] : null, heldOut, (radius.std(unbiased: false) / radius.mean()).ToDouble());
    }

    /// <summary>The readout A of the fit on all rows: scores·A is nearest to cos and sin.</summary>
    /// <returns>[k, 2], or [k, 1] at the Nyquist frequency; in the current dispose scope.</returns>
    internal static Tensor ReadOut(Tensor scores, double[] angles, bool hasSine)
    {
        using var scope = NewDisposeScope();
        return Solve(scores, Targets(angles, hasSine)).MoveToOuterDisposeScope();
    }

    private static Tensor Targets(double[] angles, bool hasSine)
    {
        var angle = tensor(angles);
        return hasSine ? stack([angle.cos(), angle.sin()], 1) : angle.cos().unsqueeze(1);
    }

    /// <summary>The minimum-norm least-squares coefficients, [k, outputs].</summary>
    private static Tensor Solve(Tensor scores, Tensor targets) => linalg.pinv(scores, atol: 0, rtol: 1e-10).matmul(targets);

    private static double[] R2Of(Tensor targets, Tensor read)
    {
        var unexplained = (targets - read).square().sum([0]);
        var total = (targets - targets.mean([0], keepdim: true)).square().sum([0]);
        return (1 - (unexplained / total)).data<double>().ToArray();
    }

    private static double LeaveOneOut(Tensor scores, Tensor targets, Tensor read)
    {
        // PRESS: the error of the row left out is its residual over 1 − leverage; the principal directions stay those of all rows.
        var leverage = scores.matmul(linalg.pinv(scores, atol: 0, rtol: 1e-10)).diagonal().clamp_max(1 - 1e-9).unsqueeze(1);
        return R2Of(targets, targets - ((targets - read) / (1 - leverage))).Min();
    }

    private static double Split(Tensor scores, Tensor targets, IReadOnlyList<int> fitted)
    {
        var isFitted = new bool[scores.shape[0]];
        foreach (var row in fitted)
        {
            isFitted[row] = true;
        }

        Tensor Rows(bool wanted) => tensor(Enumerable.Range(0, isFitted.Length).Where(row => isFitted[row] == wanted).Select(row => (long)row).ToArray());
        Tensor inside = Rows(true), outside = Rows(false);
        var coefficients = Solve(scores.index_select(0, inside), targets.index_select(0, inside));
        return R2Of(targets.index_select(0, outside), scores.index_select(0, outside).matmul(coefficients)).Min();
    }
}
