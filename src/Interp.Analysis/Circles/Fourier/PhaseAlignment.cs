using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>
/// Whether neurons add angles: one that reads cos(2πka/p + φ_u) and cos(2πkb/p + φ_v) and writes cos(2πkc/p + φ_w) adds them
/// when φ_u + φ_v = φ_w. Source: Morwani et al., arXiv 2311.07568.
/// </summary>
/// <param name="MedianResidual">The median of |φ_u + φ_v − φ_w| wrapped to 0 … π, radians.</param>
/// <param name="Residual95">Its 95th percentile, radians.</param>
/// <param name="Clustering">|mean e^{iφ_u}|: 0 for phases all around the circle, 1 for one phase.</param>
/// <param name="DoubleClustering">|mean e^{2iφ_u}|: 1 also for two opposite phases.</param>
public sealed record PhaseAlignment(double MedianResidual, double Residual95, double Clustering, double DoubleClustering)
{
    /// <summary>Measures neurons at their own frequencies.</summary>
    /// <param name="first">What each neuron reads of the first number, float64 [p, n].</param>
    /// <param name="second">What it reads of the second, float64 [p, n].</param>
    /// <param name="output">What it writes to the answers, float64 [n, p].</param>
    /// <param name="basis">The basis of p.</param>
    /// <param name="frequencies">The frequency of each neuron.</param>
    /// <param name="neurons">The neurons that count; those at the Nyquist frequency have no phase and are left out.</param>
    /// <returns>The alignment, or null without neurons.</returns>
    internal static PhaseAlignment? Of(Tensor first, Tensor second, Tensor output, FourierBasis basis, int[] frequencies, IEnumerable<int> neurons)
    {
        using var scope = NewDisposeScope();
        var coefficients = new[] { first, second, output.t() }.Select(table => Coefficients(table, basis)).ToArray();
        var phases = neurons
            .Where(neuron => basis.RowsOf(frequencies[neuron]).Length == 2)
            .Select(neuron => Array.ConvertAll(coefficients, values => Phase(values, neuron, frequencies[neuron])))
            .ToArray();
        if (phases.Length == 0)
        {
            return null;
        }

        var residuals = phases.Select(phase => Math.Abs(Math.IEEERemainder(phase[0] + phase[1] - phase[2], 2 * Math.PI))).Order().ToArray();
        return new PhaseAlignment(
            residuals[residuals.Length / 2],
            residuals[(int)(0.95 * (residuals.Length - 1))],
            Resultant(phases.Select(phase => phase[0])),
            Resultant(phases.Select(phase => 2 * phase[0])));
    }

    private static double[,] Coefficients(Tensor table, FourierBasis basis)
    {
        var values = basis.Transform(table).contiguous();
        var result = new double[values.shape[0], values.shape[1]];
        Buffer.BlockCopy(values.data<double>().ToArray(), 0, result, 0, result.Length * sizeof(double));
        return result;
    }

    /// <summary>φ of A·cos(2πka/p + φ) = A cos φ·cos − A sin φ·sin.</summary>
    private static double Phase(double[,] coefficients, int neuron, int frequency) =>
        Math.Atan2(-coefficients[2 * frequency, neuron], coefficients[(2 * frequency) - 1, neuron]);

    private static double Resultant(IEnumerable<double> angles)
    {
        var list = angles.ToArray();
        var (cosine, sine) = (list.Average(Math.Cos), list.Average(Math.Sin));
        return Math.Sqrt((cosine * cosine) + (sine * sine));
    }
}
