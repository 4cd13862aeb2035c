using System.Globalization;
using Interp.Analysis.Circles.Fourier;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Fourier;

public sealed class NeuronConcentrationTests
{
    /// <summary>The table's digits.</summary>
    private const double OracleTolerance = 2e-6;

    private static readonly Dictionary<string, Func<Tensor, Tensor>> s_activations = new()
    {
        ["quadratic u^2"] = u => u.square(),
        ["ReLU"] = u => u.relu(),
        ["|u|"] = u => u.abs(),
        ["GELU tanh form"] = u => 0.5 * u * (1 + (Math.Sqrt(2 / Math.PI) * (u + (0.044715 * u * u * u))).tanh()),
    };

    public static TheoryData<string, double, double, double> Oracle()
    {
        var data = new TheoryData<string, double, double, double>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "Circles", "fourier-neuron-fve.csv")).Where(line => line[0] != '#').Skip(1))
        {
            var fields = line.Split(',');
            double Number(int index) => double.Parse(fields[index], CultureInfo.InvariantCulture);
            data.Add(fields[0], Number(1), Number(2), Number(3));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Oracle))]
    public void Perfect_single_frequency_neurons_reach_the_tabled_ceilings(string activation, double bias, double plain, double withDoubled)
    {
        using var basis = new FourierBasis(59);
        Assert.Equal(plain, SingleFrequencyCeiling.Of(s_activations[activation], basis, 5, FrequencyBlock.Plain, bias), OracleTolerance);
        Assert.Equal(withDoubled, SingleFrequencyCeiling.Of(s_activations[activation], basis, 5, FrequencyBlock.WithDoubled, bias), OracleTolerance);
    }

    [Fact]
    public void The_table_has_all_twelve_cases() => Assert.Equal(12, Oracle().Count);

    [Fact]
    public void The_best_frequency_is_found_and_silent_neurons_are_not_alive()
    {
        using var scope = NewDisposeScope();
        using var basis = new FourierBasis(11);
        var angle = arange(11, dtype: ScalarType.Float64) * (2 * Math.PI / 11);
        var third = (3 * angle).cos().unsqueeze(1) * (3 * angle).sin().unsqueeze(0);
        var fifth = ((5 * angle).cos().unsqueeze(1) + zeros(1, 11, dtype: ScalarType.Float64)) * 0.5;
        var neurons = NeuronConcentration.Of(stack([third, fifth, full_like(third, 4), third * 1e-3], 2), basis, FrequencyBlock.Plain);
        Assert.Equal(3, neurons.Frequency[0]);
        Assert.Equal(5, neurons.Frequency[1]);
        Assert.Equal(1, neurons.Share[0], 1e-12);
        Assert.Equal([true, true, false, false], neurons.Alive);
    }
}
