using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>How much of each neuron's variance over all inputs (a, b) one frequency explains.</summary>
/// <param name="Share">The best share by neuron, 0–1.</param>
/// <param name="Frequency">The frequency that gives it, from 1.</param>
/// <param name="Alive">Whether the neuron's energy is above 1e-3 of the greatest.</param>
internal sealed record NeuronConcentration(double[] Share, int[] Frequency, bool[] Alive)
{
    private const double AliveShare = 1e-3;

    /// <summary>Measures neurons.</summary>
    /// <param name="activations">float64 [p, p, n] over first number, second number and neuron.</param>
    /// <param name="basis">The basis of p.</param>
    /// <param name="block">Which Fourier coefficients count as one frequency.</param>
    public static NeuronConcentration Of(Tensor activations, FourierBasis basis, FrequencyBlock block)
    {
        using var scope = NewDisposeScope();
        var energy = basis.Transform2(activations).square();
        energy[0, 0] = tensor(0.0);
        var total = energy.sum([0, 1]);
        var shares = stack(Enumerable.Range(1, basis.FrequencyCount).Select(k => Block(energy, basis, k, block)), 0) / total.clamp_min(double.Epsilon);
        var (best, index) = shares.max(0);
        return new NeuronConcentration(
            best.data<double>().ToArray(),
            Array.ConvertAll(index.data<long>().ToArray(), k => (int)k + 1),
            (total > total.max() * AliveShare).data<bool>().ToArray());
    }

    /// <summary>The energy of a frequency's block {1, cos k, sin k}², with the one-axis terms of 2k where they count too, [n].</summary>
    private static Tensor Block(Tensor energy, FourierBasis basis, int frequency, FrequencyBlock block)
    {
        using var scope = NewDisposeScope();
        var rows = tensor([0, .. basis.RowsOf(frequency)], dtype: ScalarType.Int64);
        var sum = energy.index_select(0, rows).index_select(1, rows).sum([0, 1]);
        var twice = basis.Fold(2 * frequency);
        if (block == FrequencyBlock.WithDoubled && twice != 0 && twice != frequency)
        {
            var doubled = tensor(basis.RowsOf(twice), dtype: ScalarType.Int64);
            sum = sum + energy[0].index_select(0, doubled).sum([0]) + energy.select(1, 0).index_select(0, doubled).sum([0]);
        }

        return sum.MoveToOuterDisposeScope();
    }
}
