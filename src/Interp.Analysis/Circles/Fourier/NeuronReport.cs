using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>Makes the neurons' part of the result.</summary>
internal static class NeuronReport
{
    /// <summary>Measures what the neurons read and write.</summary>
    /// <param name="input">The model; its neurons are not null.</param>
    /// <param name="read">Their concentration.</param>
    /// <param name="basis">The basis of p.</param>
    /// <param name="block">Which coefficients count as one frequency.</param>
    public static NeuronMeasures Of(FourierInput input, NeuronConcentration read, FourierBasis basis, FrequencyBlock block)
    {
        using var scope = NewDisposeScope();
        var (writtenShare, writtenFrequency) = Written(input.NeuronOutput!, basis);
        var alive = Enumerable.Range(0, read.Share.Length).Where(neuron => read.Alive[neuron]).ToArray();
        var common = alive.GroupBy(neuron => read.Frequency[neuron]).OrderByDescending(group => group.Count()).Select(group => group.Key).FirstOrDefault(1);
        return new NeuronMeasures
        {
            Shares = read.Share,
            Frequencies = read.Frequency,
            AliveCount = alive.Length,
            MedianShare = Median(alive.Select(neuron => read.Share[neuron])),
            Ceiling = input.Activation is { } activation ? SingleFrequencyCeiling.Of(activation, basis, common, block) : null,
            OutputMedianShare = Median(alive.Select(neuron => writtenShare[neuron])),
            OutputInverseParticipation = Median(Participation(input.NeuronOutput!.t(), basis, alive)),
            InputInverseParticipation = input.FirstInput is { } first ? Median(Participation(first, basis, alive)) : null,
            Phases = input is { FirstInput: { } ofFirst, SecondInput: { } ofSecond }
                ? PhaseAlignment.Of(ofFirst, ofSecond, input.NeuronOutput!, basis, read.Frequency, alive)
                : null,
            OutputAgreement = alive.Length == 0 ? 0 : alive.Count(neuron => writtenFrequency[neuron] == read.Frequency[neuron]) / (double)alive.Length,
        };
    }

    /// <summary>The best single frequency of each row over the answers, with its share of the row's centred energy.</summary>
    private static (double[] Share, int[] Frequency) Written(Tensor output, FourierBasis basis)
    {
        var energy = basis.Transform(output.t()).square(); // [p, n]; row 0 is the mean, which no answer notices
        var total = energy.narrow(0, 1, basis.Modulus - 1).sum([0]).clamp_min(double.Epsilon);
        var shares = Enumerable.Range(1, basis.FrequencyCount)
            .Select(k => energy.index_select(0, tensor(basis.RowsOf(k), dtype: ScalarType.Int64)).sum([0]) / total);
        var (best, index) = stack(shares, 0).max(0);
        return (best.data<double>().ToArray(), Array.ConvertAll(index.data<long>().ToArray(), k => (int)k + 1));
    }

    private static IEnumerable<double> Participation(Tensor table, FourierBasis basis, int[] alive)
    {
        var ratios = EmbeddingSpectrum.InverseParticipation(table, basis);
        return alive.Select(neuron => ratios[neuron]).Where(double.IsFinite);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
