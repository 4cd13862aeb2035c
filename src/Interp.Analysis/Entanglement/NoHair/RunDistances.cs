using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement.NoHair;

/// <summary>Distances between models.</summary>
internal static class RunDistances
{
    /// <summary>The largest entropy that each cut of a chain allows, nats.</summary>
    public static double[] Bounds(SiteChain chain)
    {
        var total = Math.Log(chain.Rows) + Math.Log(chain.Columns);
        return [.. chain.LeftDimensions.Select(dimension => Math.Log(dimension)).Select(left => Math.Min(left, total - left))];
    }

    /// <summary>The root mean square of entropy differences over what each cut allows; the bounds repeat head after head.</summary>
    public static double Profiles(double[] first, double[] second, double[] bounds)
    {
        var sum = 0.0;
        for (var i = 0; i < first.Length; i++)
        {
            var difference = (first[i] - second[i]) / bounds[i % bounds.Length];
            sum += difference * difference;
        }

        return Math.Sqrt(sum / first.Length);
    }

    /// <summary>The cosine, the relative distance and the linear CKA of outputs, each a mean over layers.</summary>
    public static (double Cosine, double Distance, double Alignment) Outputs(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var (cosine, distance, alignment) = (0.0, 0.0, 0.0);
        var layers = first.shape[0];
        for (var layer = 0; layer < layers; layer++)
        {
            using var inner = NewDisposeScope();
            var (x, y) = (first[layer].to(ScalarType.Float64), second[layer].to(ScalarType.Float64));
            cosine += nn.functional.cosine_similarity(x, y, 1).mean().ToDouble();
            distance += ((x - y).norm() / x.norm()).ToDouble();
            var (a, b) = (x - x.mean([0L], keepdim: true), y - y.mean([0L], keepdim: true));
            alignment += (a.t().matmul(b).square().sum() / (a.t().matmul(a).norm() * b.t().matmul(b).norm())).ToDouble();
        }

        return (cosine / layers, distance / layers, alignment / layers);
    }
}
