using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Regression;

/// <summary>A residual over a grid as an image: its first three scores, each from minimum to maximum, as red, green and blue.</summary>
internal static class ResidualColours
{
    /// <summary>The colours of each row, 0–255.</summary>
    /// <param name="residual">float64 <c>[n, m]</c>; not centred.</param>
    public static byte[][] Of(Tensor residual)
    {
        using var scope = NewDisposeScope();
        var (left, singular, right) = linalg.svd(residual, fullMatrices: false);
        var channels = (int)Math.Min(3, singular.shape[0]);
        var axes = right.narrow(0, 0, channels);

        // Each axis is turned so that its entry of largest magnitude is positive.
        var turned = axes.gather(1, axes.abs().argmax(1, keepdim: true)).squeeze(1).sign();
        var scores = (left.narrow(1, 0, channels) * singular.narrow(0, 0, channels) * turned).ToMatrix();
        var strengths = singular.ToVector();
        var colours = new byte[scores.GetLength(0)][];
        for (var row = 0; row < colours.Length; row++)
        {
            colours[row] = [127, 127, 127];
        }

        for (var channel = 0; channel < channels && strengths[channel] > 1e-9 * strengths[0]; channel++)
        {
            var values = scores.Column(channel);
            var (low, high) = (values.Min(), values.Max());
            for (var row = 0; row < colours.Length && high > low; row++)
            {
                colours[row][channel] = (byte)Math.Round(255 * (values[row] - low) / (high - low));
            }
        }

        return colours;
    }

    /// <summary>The shares of the residual's variance in its first three principal components; zeros where nothing is left.</summary>
    public static double[] Shares(Tensor residual, double total)
    {
        using var scope = NewDisposeScope();
        var centred = residual - residual.mean([0L], keepdim: true);
        var values = linalg.eigvalsh(centred.t().matmul(centred)).flip(0).clamp_min(0).ToVector();
        var sum = values.Sum();
        return [.. Enumerable.Range(0, 3).Select(i => i < values.Length && sum > RegressionAnalysis.Nothing * total ? values[i] / sum : 0)];
    }
}
