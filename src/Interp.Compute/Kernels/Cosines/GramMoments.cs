using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>
/// The moments of all pairs from s = Σ x and K = XᵀX: Σ cos = (‖s‖² − Σ‖x‖²)/2 and Σ cos² = (‖K‖² − Σ‖x‖⁴)/2 over i &lt; j.
/// The norms are those of the rows as rounded, which removes the first-order error of the rounding.
/// </summary>
internal static class GramMoments
{
    private const int BlockRows = 2048;

    /// <summary>Above this mean E[c²] − mean² cancels, and K is formed in float64.</summary>
    private const double MeanThatCancels = 0.9;

    public static CosineMoments Of(UnitRows rows, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var moments = Of(rows, rows.Values.dtype, progress, cancellation);
        return moments.Mean > MeanThatCancels && rows.Values.dtype != ScalarType.Float64 ? Of(rows, ScalarType.Float64, progress, cancellation) : moments;
    }

    private static CosineMoments Of(UnitRows rows, ScalarType products, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var device = rows.Values.device;
        var gram = zeros([rows.Dimension, rows.Dimension], ScalarType.Float64, device);
        var sum = zeros(rows.Dimension, ScalarType.Float64, device);
        var norms = zeros(2, ScalarType.Float64, device);
        for (var first = 0; first < rows.Count; first += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var block = rows.Values.narrow(0, first, Math.Min(BlockRows, rows.Count - first)).to(products);
            gram.add_(block.t().matmul(block));
            sum.add_(block.sum([0L], type: ScalarType.Float64));
            var squares = block.square().sum([1L], type: ScalarType.Float64);
            norms.add_(stack([squares.sum(), squares.square().sum()]));
            progress?.Report(new StepProgress("sum rows", Math.Min(first + BlockRows, rows.Count), rows.Count, "rows"));
        }

        var pairs = (double)rows.Count * (rows.Count - 1);
        var mean = (sum.square().sum().item<double>() - norms[0].item<double>()) / pairs;
        var meanSquare = (gram.square().sum().item<double>() - norms[1].item<double>()) / pairs;
        var variance = Math.Max(meanSquare - (mean * mean), 0);
        return new CosineMoments(rows.Count, rows.Given - rows.Count, rows.Dimension, mean, meanSquare, Math.Sqrt(variance));
    }
}
