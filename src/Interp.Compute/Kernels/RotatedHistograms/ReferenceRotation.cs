using static TorchSharp.torch;

namespace Interp.Compute.Kernels.RotatedHistograms;

/// <summary>The definition in plain torch operations, float64.</summary>
internal static class ReferenceRotation
{
    public static int[] Count(double[] x, double[] y, double[] angles, int bins, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (px, py) = (tensor(x), tensor(y));
        var counts = new List<int>();
        foreach (var angle in angles)
        {
            cancellation.ThrowIfCancellationRequested();
            using var one = NewDisposeScope();
            var (sine, cosine) = Math.SinCos(angle);
            var cells = (Bins((px * cosine) + (py * sine), bins) * bins) + Bins((px * -sine) + (py * cosine), bins);
            counts.AddRange(cells.bincount(null, bins * bins).to(ScalarType.Int32).data<int>().ToArray());
        }

        return [.. counts];
    }

    private static Tensor Bins(Tensor values, int bins)
    {
        var (low, high) = (values.min().item<double>(), values.max().item<double>());
        return ((values - low) * (high > low ? bins / (high - low) : 0)).floor().clamp_max(bins - 1).to(ScalarType.Int64);
    }
}
