using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Geometry;

/// <summary>
/// The encoder that the theory of atoms asks for: tied to the decoder through the metric, w_i = C⁻¹d_i/‖d_i‖²_C, so that the multiple δ·d_i
/// of a single direction is encoded as δ.
/// </summary>
/// <remarks>Source: arXiv 2509.20784, the identifiability theorem, in units of unit-length coefficients.</remarks>
internal static class WhitenedTie
{
    /// <summary>The encoder of directions.</summary>
    /// <param name="directions">One direction a row <c>[n, d]</c>.</param>
    /// <param name="metric">The metric of the activations that will be encoded.</param>
    /// <returns>One encoder a row <c>[n, d]</c>, float64, owned by the caller.</returns>
    public static Tensor Encoder(Tensor directions, AtomicMetric metric)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var white = metric.Whiten(directions);
        return metric.Unwhiten(white).div(white.square().sum(1).unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>‖d_i‖_C of each direction <c>[n]</c>, float64, owned by the caller.</summary>
    public static Tensor Lengths(Tensor directions, AtomicMetric metric)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return metric.Whiten(directions).norm(1).MoveToOuterDisposeScope();
    }
}
