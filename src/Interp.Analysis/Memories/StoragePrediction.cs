using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Memories;

/// <summary>
/// The error that plain superposition should have at a finite size, without a free constant: with Q_y the sum of q² over the keys of
/// value y, P(correct | x) = E_z Π over y ≠ f of Φ((q + z s_f)/s_y), s_y = √(Q_y/d), s_f = √((Q_f + q²)/d), z normal (41-point
/// Gauss–Hermite). For random keys and nearly orthonormal values.
/// </summary>
internal static class StoragePrediction
{
    private const int Points = 41;

    /// <summary>Values that store nothing tie: the same tiny spread for all of them breaks ties evenly.</summary>
    private const double LeastSpread = 1e-9;

    /// <summary>The expected error Σ p (1 − P(correct)).</summary>
    /// <param name="weights">q of each key.</param>
    /// <param name="values">f of each key, from 0.</param>
    /// <param name="probabilities">p of each key.</param>
    /// <param name="dimension">d; the reciprocal of the keys' mean squared cosine for embeddings that are measured.</param>
    public static double Error(IReadOnlyList<double> weights, IReadOnlyList<int> values, IReadOnlyList<double> probabilities, double dimension)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var distinct = values.Distinct().Select((value, place) => (value, place)).ToDictionary(pair => pair.value, pair => pair.place);
        var sums = new double[distinct.Count];
        for (var key = 0; key < weights.Count; key++)
        {
            sums[distinct[values[key]]] += weights[key] * weights[key];
        }

        long[] own = [.. values.Select(value => (long)distinct[value])];
        var spread = tensor(sums).div(dimension).sqrt().clamp_min(LeastSpread); // [Y]
        var q = tensor(weights.ToArray()); // [N]
        var ownSpread = tensor(own.Select((value, key) => Math.Sqrt((sums[value] + (weights[key] * weights[key])) / dimension)).ToArray()).clamp_min(LeastSpread);
        var places = tensor(own).unsqueeze(1);
        var correct = zeros(weights.Count, ScalarType.Float64);
        var (nodes, masses) = GaussHermite();
        for (var node = 0; node < Points; node++)
        {
            using var inner = NewDisposeScope();
            var margins = (q + (nodes[node] * ownSpread)).unsqueeze(1) / spread.unsqueeze(0); // [N, Y]
            var logs = ((-margins / Math.Sqrt(2)).erfc() / 2).clamp_min(1e-300).log(); // ln Φ
            logs.scatter_(1, places, zeros_like(ownSpread).unsqueeze(1));
            correct.add_(logs.sum([1L]).exp() * masses[node]);
        }

        var total = probabilities.Sum();
        return correct.ToVector().Select((share, key) => probabilities[key] / total * (1 - share)).Sum();
    }

    /// <summary>Nodes and masses of the standard normal distribution, from the eigenvectors of the Hermite recurrence (Golub–Welsch).</summary>
    internal static (double[] Nodes, double[] Masses) GaussHermite()
    {
        var recurrence = new double[Points, Points];
        for (var i = 1; i < Points; i++)
        {
            recurrence[i, i - 1] = recurrence[i - 1, i] = Math.Sqrt(i);
        }

        var eigen = SymmetricEigen.Decompose(recurrence);
        return (eigen.Values, [.. Enumerable.Range(0, Points).Select(i => eigen.Vectors[i, 0] * eigen.Vectors[i, 0])]);
    }
}
