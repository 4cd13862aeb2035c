using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Memories.Scaling;

/// <summary>
/// A memory W = Σ q(x) u_f(x) e_xᵀ of random keys e ~ N(0, I/d) and unit values u, scored by the same code as a model's head: keys E,
/// values U W.
/// </summary>
internal static class HebbianMemory
{
    /// <summary>Random keys <c>[N, d]</c> and unit values <c>[M, d]</c>, float64, in the present dispose scope.</summary>
    public static (Tensor Keys, Tensor Values) Embeddings(int keys, int values, int dimension, long seed)
    {
        var e = Normal(keys, dimension, SplitMix64.ForStream(seed, "keys")) / Math.Sqrt(dimension);
        var u = Normal(values, dimension, SplitMix64.ForStream(seed, "values"));
        return (e, u / u.norm(1, keepdim: true));
    }

    /// <summary>The scores of the memory.</summary>
    /// <param name="keys">E <c>[N, d]</c>.</param>
    /// <param name="values">U <c>[M, d]</c>.</param>
    /// <param name="targets">f of each key.</param>
    /// <param name="weights">q of each key.</param>
    /// <param name="cancellation">Stops between tiles.</param>
    public static AssociationScores Recall(Tensor keys, Tensor values, int[] targets, double[] weights, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var matrix = Matrix(keys, values, targets, weights);
        return AssociationScores.Of(keys, values.matmul(matrix), [.. targets.Select(target => new[] { target })], cancellation);
    }

    /// <summary>W <c>[d, d]</c>, in the present dispose scope.</summary>
    public static Tensor Matrix(Tensor keys, Tensor values, int[] targets, double[] weights)
    {
        var stored = values.index_select(0, tensor(Array.ConvertAll(targets, target => (long)target), device: values.device)) * tensor(weights, device: values.device).unsqueeze(1);
        return stored.t().matmul(keys);
    }

    private static Tensor Normal(int rows, int columns, SplitMix64 random)
    {
        var numbers = new double[rows * columns];
        foreach (ref var number in numbers.AsSpan())
        {
            number = random.NextNormal();
        }

        return tensor(numbers, rows, columns);
    }
}
