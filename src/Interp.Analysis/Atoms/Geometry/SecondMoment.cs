using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Geometry;

/// <summary>Σk and Σkkᵀ of activations that arrive in batches, float64.</summary>
internal sealed class SecondMoment : IDisposable
{
    private readonly Tensor _sum;
    private readonly Tensor _products;

    public SecondMoment(int width, Device? device = null)
    {
        _sum = zeros(width, ScalarType.Float64, device).DetachFromDisposeScope();
        _products = zeros(width, width, dtype: ScalarType.Float64, device: device).DetachFromDisposeScope();
    }

    /// <summary>The rows seen.</summary>
    public long Count { get; private set; }

    /// <summary>The width of the rows.</summary>
    public int Width => (int)_sum.shape[0];

    /// <summary>Adds rows <c>[n, d]</c>.</summary>
    public void Add(Tensor rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var wide = rows.to(ScalarType.Float64);
        _ = _sum.add_(wide.sum([0L]));
        _ = _products.add_(wide.t().matmul(wide));
        Count += rows.shape[0];
    }

    /// <summary>E[kkᵀ] <c>[d, d]</c>, about zero or about the mean; owned by the caller.</summary>
    public Tensor Matrix(MetricCentring centring)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var matrix = _products / Count;
        return (centring == MetricCentring.None ? matrix : matrix - OuterMean()).MoveToOuterDisposeScope();
    }

    /// <summary>What <see cref="Matrix"/> would be if every coordinate were shuffled by itself over very many rows: variances stay, covariances go.</summary>
    /// <returns><c>[d, d]</c>, owned by the caller.</returns>
    public Tensor Shuffled(MetricCentring centring)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var outer = OuterMean();
        var variances = ((_products / Count) - outer).diagonal().diag();
        return (centring == MetricCentring.None ? variances + outer : variances).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _sum.Dispose();
        _products.Dispose();
    }

    private Tensor OuterMean() => (_sum / Count).unsqueeze(1).matmul((_sum / Count).unsqueeze(0));
}
