using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// Adam with bias correction, whose state can be reset latent by latent: w ← w − η·m̂/(√v̂ + ε). With β₁ = 0 there is no first moment.
/// </summary>
/// <remarks>Source: Kingma and Ba, arXiv 1412.6980, algorithm 1. The moments have the weights' dtype.</remarks>
internal sealed class RowAdam : IDisposable
{
    private const double Epsilon = 1e-8;

    private readonly IReadOnlyList<Tensor> _weights;
    private readonly Tensor[]? _first;
    private readonly Tensor[] _second;
    private readonly double _beta1;
    private readonly double _beta2;

    public RowAdam(IReadOnlyList<Tensor> weights, double beta1, double beta2)
    {
        using var noGradient = no_grad();
        _weights = weights;
        _beta1 = beta1;
        _beta2 = beta2;
        _first = beta1 > 0 ? [.. weights.Select(w => zeros_like(w).DetachFromDisposeScope())] : null;
        _second = [.. weights.Select(w => zeros_like(w).DetachFromDisposeScope())];
    }

    /// <summary>The steps taken.</summary>
    public long StepCount { get; set; }

    /// <summary>The live first moments, one a weight; null where β₁ = 0.</summary>
    public IReadOnlyList<Tensor>? First => _first;

    /// <summary>The live second moments, one a weight.</summary>
    public IReadOnlyList<Tensor> Second => _second;

    /// <summary>The live moments, the first ones before the second ones.</summary>
    public IEnumerable<Tensor> State => (_first ?? []).Concat(_second);

    /// <summary>Weights and moments under names for saving.</summary>
    /// <param name="names">One name a weight, at least as many as there are weights.</param>
    public IEnumerable<(string Name, Tensor Tensor)> Saved(IReadOnlyList<string> names)
    {
        for (var i = 0; i < _weights.Count; i++)
        {
            yield return (names[i], _weights[i]);
            yield return ($"exp_avg_sq.{names[i]}", _second[i]);
            if (_first is not null)
            {
                yield return ($"exp_avg.{names[i]}", _first[i]);
            }
        }
    }

    /// <summary>Takes one step; the gradients are used up.</summary>
    public void Step(IReadOnlyList<Tensor> gradients, double rate)
    {
        using var noGradient = no_grad();
        StepCount++;
        var correction = Math.Sqrt(1 - Math.Pow(_beta2, StepCount));
        var size = rate / (1 - Math.Pow(_beta1, StepCount));
        for (var i = 0; i < _weights.Count; i++)
        {
            using var scope = NewDisposeScope();
            var gradient = gradients[i];
            _ = _second[i].mul_(_beta2).addcmul_(gradient, gradient, 1 - _beta2);
            var direction = gradient;
            if (_first is not null)
            {
                direction = _first[i].mul_(_beta1).add_(gradient, 1 - _beta1);
            }

            _ = _weights[i].addcdiv_(direction, _second[i].sqrt().div_(correction).add_(Epsilon), -size);
        }
    }

    /// <summary>Forgets the moments of some latents.</summary>
    /// <param name="latents">Latents, int64.</param>
    /// <param name="tensors">The places of the weights that have one row a latent.</param>
    public void Reset(Tensor latents, IReadOnlyList<int> tensors)
    {
        using var noGradient = no_grad();
        foreach (var i in tensors)
        {
            _ = _first?[i].index_fill_(0, latents, 0);
            _ = _second[i].index_fill_(0, latents, 0);
        }
    }

    public void Dispose()
    {
        foreach (var moment in State)
        {
            moment.Dispose();
        }
    }
}
