using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement.Attention;

/// <summary>Attention patterns of simple rules, to compare measured ones with.</summary>
public static class AttentionPatterns
{
    /// <summary>Every position attends alike to itself and all before: A[i, j] = 1/(i + 1).</summary>
    /// <param name="length">T.</param>
    /// <returns>Float64 <c>[T, T]</c>, owned by the caller.</returns>
    public static Tensor UniformCausal(int length) => Causal(zeros([length, length], ScalarType.Float64));

    /// <summary>Attention that falls off with distance: softmax over j ≤ i of −(i − j)/reach.</summary>
    /// <param name="length">T.</param>
    /// <param name="reach">The distance over which the weight falls by e.</param>
    /// <returns>Float64 <c>[T, T]</c>, owned by the caller.</returns>
    public static Tensor LocalCausal(int length, double reach)
    {
        using var scope = NewDisposeScope();
        var position = arange(length, dtype: ScalarType.Float64);
        return Causal((position.unsqueeze(0) - position.unsqueeze(1)).abs() / -reach).MoveToOuterDisposeScope();
    }

    /// <summary>The softmax of scores over j ≤ i.</summary>
    /// <param name="scores"><c>[…, T, T]</c>.</param>
    /// <returns>The same shape, owned by the caller.</returns>
    public static Tensor Causal(Tensor scores)
    {
        using var scope = NewDisposeScope();
        var later = ones_like(scores, ScalarType.Bool).triu(1);
        return scores.masked_fill(later, double.NegativeInfinity).softmax(-1).MoveToOuterDisposeScope();
    }

    /// <summary>A pattern with nothing on its first column, the other entries of each row scaled to add to 1 again.</summary>
    /// <param name="patterns"><c>[…, T, T]</c>, rows that add to 1.</param>
    /// <returns>The same shape; rows that had all their weight there are zero. Owned by the caller.</returns>
    internal static Tensor WithoutFirst(Tensor patterns)
    {
        using var scope = NewDisposeScope();
        var rest = patterns.clone();
        rest.narrow(-1, 0, 1).zero_();
        var sums = rest.sum(-1, keepdim: true);
        return (rest / sums.masked_fill(sums.le(0), 1)).MoveToOuterDisposeScope();
    }
}
