using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>The embedding of the numbers as circles in planes.</summary>
internal static class EmbeddingGeometry
{
    /// <summary>Projects the centred embedding on the plane that one frequency spans.</summary>
    /// <param name="embedding">float64 [p, d].</param>
    /// <param name="basis">The basis of p.</param>
    /// <param name="frequency">k.</param>
    public static CirclePlane Plane(Tensor embedding, FourierBasis basis, int frequency)
    {
        using var scope = NewDisposeScope();
        var centred = embedding - embedding.mean([0], keepdim: true);
        var coefficients = basis.Transform(centred).index_select(0, tensor(basis.RowsOf(frequency), dtype: ScalarType.Int64));
        var (directions, _) = linalg.qr(coefficients.t());
        var points = centred.matmul(directions); // [p, 2], or [p, 1] at the Nyquist frequency
        var total = centred.square().sum().ToDouble();
        return new CirclePlane(
            frequency,
            points.select(1, 0).contiguous().data<double>().ToArray(),
            points.shape[1] > 1 ? points.select(1, 1).contiguous().data<double>().ToArray() : new double[basis.Modulus],
            total > 0 ? points.square().sum().ToDouble() / total : 0);
    }

    /// <summary>(Σλ)²/Σλ² of shares that add to 1; 0 for none.</summary>
    public static double ParticipationRatio(IReadOnlyCollection<double> shares)
    {
        var squares = shares.Sum(share => share * share);
        return squares > 0 ? 1 / squares : 0;
    }

    /// <summary>
    /// How little the right answers' logits depend on a − b: the mean over d of their deviation over the pairs with a − b = d,
    /// over their deviation over all pairs. Source: arXiv 2306.17844, "distance irrelevance".
    /// </summary>
    /// <param name="correct">float64 [p, p] over a and b.</param>
    public static double DistanceIrrelevance(Tensor correct)
    {
        using var scope = NewDisposeScope();
        var p = correct.shape[0];
        var number = arange(p, dtype: ScalarType.Int64);
        var second = (number.unsqueeze(0) - number.unsqueeze(1)).remainder(p); // row d: b = a − d
        var byDifference = correct.t().gather(0, second);
        var whole = correct.std(unbiased: false).ToDouble();
        return whole > 0 ? byDifference.std(1, unbiased: false).mean().ToDouble() / whole : 0;
    }
}
