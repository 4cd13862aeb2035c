using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Geometry.Objective;

/// <summary>
/// An objective restricted to a random affine subspace through its initial parameters: θ = θ₀ + P(x − Pᵀθ₀), with x alone trained, from
/// x = Pᵀθ₀ on. Weight decay of x so shrinks the parameters' part in the subspace, as decay of all parameters would. Source: Li et al.,
/// arXiv 1804.08838, equation 2.
/// </summary>
internal sealed class SubspaceObjective : ITrainingObjective, IDisposable
{
    private const string Coordinates = "coordinates";

    private readonly ITrainingObjective _inner;
    private readonly RandomProjection _projection;
    private readonly Tensor[] _parameters;
    private readonly Tensor _rest;        // θ₀ − P Pᵀ θ₀, [D]
    private readonly Tensor _coordinates; // x, [d]

    /// <summary>Starts at the objective's present parameters.</summary>
    /// <param name="inner">The objective; its parameters are overwritten, and record gradients from now on.</param>
    /// <param name="projection">P; the caller keeps owning it.</param>
    public SubspaceObjective(ITrainingObjective inner, RandomProjection projection)
    {
        (_inner, _projection) = (inner, projection);
        _parameters = [.. inner.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var start = cat([.. _parameters.Select(parameter => parameter.flatten())], 0);
        var coordinates = projection.ApplyTransposed(start);
        _rest = (start - projection.Apply(coordinates)).DetachFromDisposeScope();
        _coordinates = coordinates.clone().DetachFromDisposeScope();
        Parameters = new Dictionary<string, Tensor> { [Coordinates] = _coordinates };
        foreach (var parameter in _parameters)
        {
            parameter.requires_grad_(true);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <inheritdoc/>
    public int ExampleCount => _inner.ExampleCount;

    /// <inheritdoc/>
    /// <remarks>
    /// The gradient g of all parameters is taken first; the loss given back has its value and the graph of ⟨P x, g⟩, whose gradient is Pᵀ g.
    /// </remarks>
    public (Tensor Loss, Tensor Accuracy) Loss(Tensor? examples)
    {
        var moved = _projection.Apply(_coordinates);
        Write(moved);
        var (loss, accuracy) = _inner.Loss(examples);
        var gradient = cat([.. autograd.grad([loss], _parameters).Select(part => part.flatten())], 0).detach();
        var along = (moved * gradient).sum();
        return (loss.detach() + (along - along.detach()), accuracy.detach());
    }

    /// <inheritdoc/>
    public (double Loss, double Accuracy) Evaluate(CancellationToken cancellation = default)
    {
        Settle();
        return _inner.Evaluate(cancellation);
    }

    /// <summary>Writes the parameters of the present coordinates into the objective's tensors.</summary>
    public void Settle()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Write(_projection.Apply(_coordinates));
    }

    /// <summary>Frees the coordinates; the parameters stay as they are.</summary>
    public void Dispose()
    {
        foreach (var parameter in _parameters)
        {
            parameter.requires_grad_(false);
        }

        _rest.Dispose();
        _coordinates.Dispose();
    }

    private void Write(Tensor moved)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var whole = _rest + moved;
        var first = 0L;
        foreach (var parameter in _parameters)
        {
            parameter.copy_(whole.narrow(0, first, parameter.numel()).reshape(parameter.shape));
            first += parameter.numel();
        }
    }
}
