using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement;

/// <summary>Gathers the entropies of cuts as their weights become known.</summary>
internal sealed class EntropyCollector(int states, int cuts)
{
    private readonly double[][] _entropies = Table(states, cuts);
    private readonly double[][] _renyi2 = Table(states, cuts);
    private readonly double[][] _minEntropies = Table(states, cuts);

    /// <summary>Takes the weights <c>[b, k]</c> of a cut, counted from 1.</summary>
    public void Add(int cut, Tensor weights)
    {
        using var scope = NewDisposeScope();
        Store(_entropies, cut, torch.special.entr(weights).sum(-1));
        Store(_renyi2, cut, -weights.square().sum(-1).log());
        Store(_minEntropies, cut, -weights.amax([-1L]).log());
    }

    /// <summary>One profile a state.</summary>
    public EntropyProfile[] Profiles() =>
        [.. Enumerable.Range(0, _entropies.Length).Select(state => new EntropyProfile(_entropies[state], _renyi2[state], _minEntropies[state]))];

    private static double[][] Table(int states, int cuts) => [.. Enumerable.Range(0, states).Select(_ => new double[cuts])];

    /// <summary>An entropy of a product state is zero; rounding must not make it negative.</summary>
    private static void Store(double[][] table, int cut, Tensor values)
    {
        var numbers = values.ToVector();
        for (var state = 0; state < numbers.Length; state++)
        {
            table[state][cut - 1] = Math.Max(numbers[state], 0);
        }
    }
}
