using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>
/// The share of variance that a perfect single-frequency neuron f(cos wa + cos(wb + 0.7) + bias) can reach. No activation but
/// the identity reaches 1, so a share is read against this.
/// </summary>
internal static class SingleFrequencyCeiling
{
    private const double Phase = 0.7;

    /// <summary>The share of the best frequency.</summary>
    /// <param name="activation">f, float64 elementwise.</param>
    /// <param name="basis">The basis of p.</param>
    /// <param name="frequency">The neuron's frequency.</param>
    /// <param name="block">Which coefficients count.</param>
    /// <param name="bias">The neuron's bias.</param>
    public static double Of(Func<Tensor, Tensor> activation, FourierBasis basis, int frequency, FrequencyBlock block, double bias = 0)
    {
        using var scope = NewDisposeScope();
        var angle = arange(basis.Modulus, dtype: ScalarType.Float64) * (2 * Math.PI * frequency / basis.Modulus);
        var input = angle.cos().unsqueeze(1) + (angle + Phase).cos().unsqueeze(0) + bias;
        return NeuronConcentration.Of(activation(input).unsqueeze(-1), basis, block).Share[0];
    }
}
