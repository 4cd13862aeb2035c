using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Probing;

/// <summary>
/// Ridge logistic regression: minimises Σ log(1 + e^{−s·(w·x + b)}) + (ρ/2)·‖w‖², s = ±1, with features brought to mean 0 and variance 1 first (the
/// bias is free). Newton's method with halved steps, float64.
/// </summary>
internal sealed class LogisticProbe
{
    private const int MostSteps = 100;
    private const double Tolerance = 1e-9;

    private LogisticProbe(double[] weights, double bias)
    {
        Weights = weights;
        Bias = bias;
    }

    /// <summary>w for features as they are given.</summary>
    public double[] Weights { get; }

    /// <summary>b for features as they are given.</summary>
    public double Bias { get; }

    /// <summary>Fits.</summary>
    /// <param name="features"><c>[n, p]</c>.</param>
    /// <param name="isMember">The label of each row.</param>
    /// <param name="ridge">ρ.</param>
    public static LogisticProbe Fit(Tensor features, bool[] isMember, double ridge)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var raw = features.to(ScalarType.Float64);
        var mean = raw.mean([0L]);
        var spread = (raw - mean).square().mean([0L]).sqrt();
        spread = where(spread.gt(1e-12), spread, ones_like(spread)); // A constant feature stays 0.
        var x = cat([(raw - mean) / spread, ones(raw.shape[0], 1, ScalarType.Float64)], 1); // [n, p + 1]
        var y = tensor(isMember.Select(member => member ? 1.0 : 0.0).ToArray());
        var penalty = full(x.shape[1], ridge, dtype: ScalarType.Float64);
        penalty[-1] = 0;
        var w = zeros(x.shape[1], ScalarType.Float64);
        var loss = Loss(x, y, penalty, w);
        for (var step = 0; step < MostSteps; step++)
        {
            using var inner = NewDisposeScope();
            var p = x.matmul(w).sigmoid();
            var gradient = x.t().matmul(p - y) + (penalty * w);
            var curvature = (p * (1 - p)).clamp_min(1e-12);
            var hessian = x.t().matmul(x * curvature.unsqueeze(1)) + diag(penalty + 1e-10);
            var direction = linalg.solve(hessian, gradient);
            var size = 1.0;
            while (size > 1e-8 && Loss(x, y, penalty, w - (direction * size)) > loss)
            {
                size /= 2;
            }

            _ = w.sub_(direction * size);
            loss = Loss(x, y, penalty, w);
            if (gradient.norm().item<double>() <= Tolerance * raw.shape[0])
            {
                break;
            }
        }

        var weights = w.narrow(0, 0, w.shape[0] - 1) / spread;
        var bias = w[-1].item<double>() - (weights * mean).sum().item<double>();
        return new LogisticProbe(weights.data<double>().ToArray(), bias);
    }

    /// <summary>Which rows it takes for members.</summary>
    /// <param name="features"><c>[n, p]</c>.</param>
    public bool[] Predict(Tensor features)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return (features.to(ScalarType.Float64).matmul(tensor(Weights)) + Bias).gt(0).data<bool>().ToArray();
    }

    /// <summary>Compares predictions with labels.</summary>
    public ProbeScore Score(Tensor features, bool[] isMember)
    {
        var predicted = Predict(features);
        var (right, hits) = (0, 0);
        for (var row = 0; row < isMember.Length; row++)
        {
            right += predicted[row] == isMember[row] ? 1 : 0;
            hits += predicted[row] && isMember[row] ? 1 : 0;
        }

        var both = predicted.Count(member => member) + isMember.Count(member => member);
        return new ProbeScore(right / (double)isMember.Length, both == 0 ? 0 : 2.0 * hits / both);
    }

    private static double Loss(Tensor x, Tensor y, Tensor penalty, Tensor w)
    {
        using var scope = NewDisposeScope();
        var z = x.matmul(w);
        return (nn.functional.softplus(z) - (y * z)).sum().item<double>() + (0.5 * (penalty * w.square()).sum().item<double>());
    }
}
