using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Lenses.Heads;

/// <summary>Which keys a kind of head would attend to, as matrices of zeros and ones [query, key].</summary>
/// <remarks>Source: TransformerLensOrg/TransformerLens, <c>head_detector.py</c>; induction: arXiv 2209.11895.</remarks>
public static class HeadPatterns
{
    /// <summary>The position before the query.</summary>
    /// <returns>Float64 [p, p], owned by the caller.</returns>
    public static Tensor PreviousToken(long length) => eye(length, dtype: ScalarType.Float64).roll(1, 0).tril(-1);

    /// <summary>Every earlier position of the query's own token.</summary>
    /// <param name="ids">[p] int64.</param>
    /// <returns>Float64 [p, p], owned by the caller.</returns>
    public static Tensor DuplicateToken(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using var scope = NewDisposeScope();
        return ids.unsqueeze(1).eq(ids.unsqueeze(0)).to(ScalarType.Float64).tril(-1).MoveToOuterDisposeScope();
    }

    /// <summary>The position after every earlier one of the query's own token.</summary>
    /// <param name="ids">[p] int64.</param>
    /// <returns>Float64 [p, p], owned by the caller.</returns>
    public static Tensor Induction(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var shifted = DuplicateToken(ids).roll(1, 1);
        shifted.select(1, 0).zero_();
        return shifted.tril().MoveToOuterDisposeScope();
    }

    /// <summary>What attention spread evenly over all it may see looks like.</summary>
    /// <returns>Float64 [p, p], owned by the caller.</returns>
    public static Tensor Uniform(long length)
    {
        using var scope = NewDisposeScope();
        var seen = ones(length, length, dtype: ScalarType.Float64).tril();
        return (seen / seen.sum(1, keepdim: true)).MoveToOuterDisposeScope();
    }

    /// <summary>"mul": the share of attention that lies where it is expected.</summary>
    /// <param name="patterns">Float64 [head, query, key].</param>
    /// <param name="expected">[query, key].</param>
    /// <param name="isCounted">What counts, [query, key] of zeros and ones.</param>
    /// <returns>[head], in the present dispose scope.</returns>
    public static Tensor Share(Tensor patterns, Tensor expected, Tensor isCounted)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        var counted = patterns * isCounted;
        return (counted * expected).sum([1L, 2L]) / counted.sum([1L, 2L]);
    }

    /// <summary>"abs": one minus the mean over queries of Σ over keys |pattern − expected|; 1 is a perfect head, below 0 is possible.</summary>
    /// <param name="patterns">Float64 [head, query, key].</param>
    /// <param name="expected">[query, key].</param>
    /// <param name="isCounted">What counts, [query, key] of zeros and ones.</param>
    /// <returns>[head], in the present dispose scope.</returns>
    public static Tensor Agreement(Tensor patterns, Tensor expected, Tensor isCounted)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        return 1 - (((patterns - expected).abs() * isCounted).sum([1L, 2L]) / patterns.shape[1]);
    }
}
