using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.RotatedHistograms;

/// <summary>The definition in plain torch operations, float64, on the points' device.</summary>
internal static class ReferenceRotation
{
    /// <inheritdoc cref="RotatedHistogram.Count(Tensor, Tensor, double[], int, RotationBackend, CancellationToken)"/>
    public static int[] Count(Tensor x, Tensor y, double[] angles, int bins, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var (px, py) = (x.to(ScalarType.Float64), y.to(ScalarType.Float64));
        var counts = new List<int>();
        foreach (var angle in angles)
        {
            cancellation.ThrowIfCancellationRequested();
            using var one = NewDisposeScope();
            var (sine, cosine) = Math.SinCos(angle);
            var cells = (Bins((px * cosine) + (py * sine), bins) * bins) + Bins((px * -sine) + (py * cosine), bins);
            counts.AddRange(cells.bincount(null, bins * bins).to(ScalarType.Int32).cpu().data<int>().ToArray());
        }

        return [.. counts];
    }

    private static Tensor Bins(Tensor values, int bins)
    {
        var (low, high) = (values.min().item<double>(), values.max().item<double>());
        return ((values - low) * (high > low ? bins / (high - low) : 0)).floor().clamp_max(bins - 1).to(ScalarType.Int64);
    }
}
