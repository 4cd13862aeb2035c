using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Memories;

/// <summary>
/// Splits the score of keys that are not recalled into the terms of a superposition, S(x, y) = Σ q̂(x')⟨e_x, e_x'⟩⟨u_f(x'), u_y⟩, and names the
/// keys whose terms drown them. Source: arXiv 2310.02984, the decomposition into signal and interference.
/// </summary>
/// <param name="associations">The associations.</param>
/// <param name="tokenText">A token's text; null without a tokenizer.</param>
internal sealed class InterferenceTable(DeclaredAssociations associations, Func<int, string>? tokenText)
{
    private const int ShownKeys = 20;
    private const int ShownCauses = 3;
    private const double CrowdedShare = 0.1;

    /// <summary>The most frequent keys that are not recalled.</summary>
    /// <param name="keys">E <c>[N, d]</c>.</param>
    /// <param name="values">U <c>[M, d]</c>.</param>
    /// <param name="weights">q̂ of each key.</param>
    /// <param name="scores">The operator's scores.</param>
    /// <param name="strongest">The strongest wrong value of some keys, by their numbers.</param>
    public IReadOnlyList<KeyInterference> Of(Tensor keys, Tensor values, double[] weights, AssociationScores scores, Func<int[], int[]> strongest)
    {
        int[] failing = [.. Enumerable.Range(0, scores.Rank.Length).Where(key => scores.Rank[key] > 1).Take(ShownKeys)];
        if (failing.Length == 0)
        {
            return [];
        }

        using var scope = NewDisposeScope();
        var (e, stored) = (keys.to(ScalarType.Float64), Stored(values)); // [N, d], [N, d]
        var (crowdedKeys, crowdedValues) = (Crowded(e), Crowded(stored));
        var wrong = strongest(failing);
        var alike = Rows(e, failing).matmul(e.t());                                      // ⟨e_x, e_x'⟩ [F, N]
        var answers = Rows(values, wrong).to(ScalarType.Float64).matmul(stored.t());     // ⟨u_y, u_f(x')⟩ [F, N]
        var terms = (alike * answers * tensor(weights, device: alike.device)).data<double>().ToArray();
        var (keyNorms, valueNorms) = (e.square().sum([1L]).ToVector(), stored.square().sum([1L]).ToVector());
        return [.. failing.Select((key, place) =>
        {
            var own = terms[(place * weights.Length)..((place + 1) * weights.Length)];
            own[key] = 0;
            var size = Math.Max(own.Sum(Math.Abs), 1e-300);
            var (value, other) = (associations.Targets[key][0], wrong[place]);
            return new KeyInterference(
                associations.Keys[key],
                tokenText?.Invoke(associations.Keys[key]),
                value,
                tokenText?.Invoke(value),
                other,
                tokenText?.Invoke(other),
                weights[key] * keyNorms[key] * valueNorms[key],
                own.Sum(),
                own.Where((_, from) => crowdedKeys[from]).Sum(Math.Abs) / size,
                own.Where((_, from) => crowdedValues[from]).Sum(Math.Abs) / size,
                [.. Enumerable.Range(0, own.Length).OrderByDescending(from => Math.Abs(own[from])).Take(ShownCauses)
                    .Where(from => own[from] != 0).Select(from => tokenText?.Invoke(associations.Keys[from]) ?? $"#{associations.Keys[from]}")]);
        })];
    }

    private Tensor Stored(Tensor values) => Rows(values, [.. associations.Targets.Select(targets => targets[0])]).to(ScalarType.Float64);

    private static Tensor Rows(Tensor matrix, int[] rows) => matrix.index_select(0, tensor(rows, dtype: ScalarType.Int64, device: matrix.device));

    /// <summary>Whether each row's largest cosine with a different row is in the top tenth.</summary>
    private static bool[] Crowded(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var unit = nn.functional.normalize(rows, dim: 1);
        var nearest = new List<double>();
        const long Block = 1024;
        for (var first = 0L; first < rows.shape[0]; first += Block)
        {
            using var inner = NewDisposeScope();
            var cosines = unit.narrow(0, first, Math.Min(Block, rows.shape[0] - first)).matmul(unit.t());
            nearest.AddRange(cosines.masked_fill(cosines.gt(1 - 1e-9), -1).amax([1L]).ToVector());
        }

        var limit = nearest.OrderDescending().ElementAt((int)(CrowdedShare * (nearest.Count - 1)));
        return [.. nearest.Select(cosine => cosine >= limit)];
    }
}
