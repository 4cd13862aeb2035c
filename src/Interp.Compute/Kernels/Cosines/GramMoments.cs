using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>
/// The moments of all pairs from s = Σ x and K = XᵀX: Σ cos = (‖s‖² − Σ‖x‖²)/2 and Σ cos² = (‖K‖² − Σ‖x‖⁴)/2 over i &lt; j.
/// The norms are those of the rows as rounded, which removes the first-order error of the rounding.
/// </summary>
internal static class GramMoments
{
    /// <summary>Above this mean E[c²] − mean² cancels, and K is formed in float64.</summary>
    private const double MeanThatCancels = 0.9;

    /// <summary>The moments of rows <c>[V, d]</c>, less a row <c>[d]</c> where one is given.</summary>
    public static CosineMoments Of(Tensor rows, ScalarType products, Tensor? centre, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var moments = Once(rows, products, centre, progress, cancellation);
        return moments.Mean > MeanThatCancels && products != ScalarType.Float64 ? Once(rows, ScalarType.Float64, centre, progress, cancellation) : moments;
    }

    private static CosineMoments Once(Tensor rows, ScalarType products, Tensor? centre, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var count = rows.shape[0];
        var size = RowScaling.BlockOf(rows.shape[1], products == ScalarType.Float32 && centre is null);
        var unit = empty([Math.Min(size, count), rows.shape[1]], products, rows.device);
        using var sums = new GramSums((int)rows.shape[1], products, rows.device);
        var numbers = new List<int>();
        for (long first = 0; first < count; first += size)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var block = Math.Min(size, count - first);
            var kept = RowScaling.Into(rows.narrow(0, first, block), unit, (int)first, numbers, sums.Sums, centre);
            sums.AddProducts(unit.narrow(0, 0, kept));
            progress?.Report(new StepProgress("sum rows", first + block, count, "rows"));
        }

        return numbers.Count >= 2 ? sums.Moments(count - numbers.Count) : throw UnitRows.TooFew(numbers.Count, count);
    }
}
