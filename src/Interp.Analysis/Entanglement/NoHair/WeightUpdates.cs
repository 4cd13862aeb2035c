using Interp.Analysis.Entanglement.Internal;
using Interp.Compute.Statistics;
using Interp.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement.NoHair;

/// <summary>What a tuned model changed, matrix by matrix, and updates of the same size that mean nothing.</summary>
internal sealed class WeightUpdates : IDisposable
{
    private readonly Dictionary<string, Tensor> _changes = new(StringComparer.Ordinal);

    private WeightUpdates(double relativeNorm) => RelativeNorm = relativeNorm;

    /// <summary>The Frobenius norm of the changes over that of the matrices changed.</summary>
    public double RelativeNorm { get; private set; }

    /// <summary>The differences in TransformerLens's names and layouts.</summary>
    public IReadOnlyDictionary<string, Tensor> Changes => _changes;

    /// <summary>The differences of all matrices, embeddings included; those that are zero are left out.</summary>
    public static WeightUpdates Of(LanguageModel model, LanguageModel tuned)
    {
        using var noGradient = no_grad();
        var updates = new WeightUpdates(0);
        var (change, whole) = (0.0, 0.0);
        foreach (var (name, weight) in model.Parameters.Where(entry => IsMatrix(model, entry.Key)))
        {
            using var scope = NewDisposeScope();
            var difference = tuned.Parameters[name].to(ScalarType.Float64) - weight.to(ScalarType.Float64);
            var norm = difference.norm().ToDouble();
            if (norm > 0)
            {
                updates._changes.Add(name, difference.DetachFromDisposeScope());
                change += norm * norm;
                whole += Math.Pow(weight.to(ScalarType.Float64).norm().ToDouble(), 2);
            }
        }

        updates.RelativeNorm = whole > 0 ? Math.Sqrt(change / whole) : 0;
        return updates;
    }

    /// <summary>Adds a control's updates to a fresh copy of the base, in place.</summary>
    /// <param name="copy">A copy of the base that is nobody else's.</param>
    /// <param name="kind">Which control.</param>
    /// <param name="seed">Of its draws.</param>
    public void AddControl(LanguageModel copy, RunKind kind, long seed)
    {
        using var noGradient = no_grad();
        var random = SplitMix64.ForStream(seed, $"no-hair {kind}");
        foreach (var (name, change) in _changes.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            var update = kind == RunKind.PermutedRows ? Permuted(name, change, random) : Random(name, change, kind, random);
            copy.Parameters[name].add_(update.to(copy.Dtype, copy.Device));
        }
    }

    public void Dispose()
    {
        foreach (var change in _changes.Values)
        {
            change.Dispose();
        }
    }

    // A tied unembedding is the embedding once more.
    private static bool IsMatrix(LanguageModel model, string name) =>
        name[(name.LastIndexOf('.') + 1)..].StartsWith("W_", StringComparison.Ordinal) && !(name == "unembed.W_U" && model.Config.IsHeadTied);

    private static Tensor Random(string name, Tensor change, RunKind kind, SplitMix64 random)
    {
        Tensor drawn;
        if (kind == RunKind.RandomDense)
        {
            drawn = Normal(change.shape, random);
        }
        else
        {
            var matrix = WeightMatrices.OutIn(name, change);
            var rank = linalg.matrix_rank(matrix, 1e-6 * matrix.norm().ToDouble()).ToInt64();
            var product = Normal([matrix.shape[0], Math.Max(rank, 1)], random).matmul(Normal([Math.Max(rank, 1), matrix.shape[1]], random));
            drawn = WeightMatrices.FromOutIn(name, product, change.shape);
        }

        drawn = drawn.to(change.device);
        return drawn * (change.norm() / drawn.norm());
    }

    private static Tensor Permuted(string name, Tensor change, SplitMix64 random)
    {
        if (name[(name.LastIndexOf('.') + 1)..] is not ("W_Q" or "W_K" or "W_V"))
        {
            return change;
        }

        var matrix = WeightMatrices.OutIn(name, change);
        var order = random.Permutation((int)matrix.shape[0]).Select(row => (long)row).ToArray();
        return WeightMatrices.FromOutIn(name, matrix.index_select(0, tensor(order, device: matrix.device)), change.shape);
    }

    private static Tensor Normal(long[] shape, SplitMix64 random)
    {
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        foreach (ref var value in values.AsSpan())
        {
            value = random.NextNormal();
        }

        return tensor(values, shape);
    }
}
