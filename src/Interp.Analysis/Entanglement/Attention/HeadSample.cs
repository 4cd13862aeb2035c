using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement.Attention;

/// <summary>What is measured of one head on one prompt.</summary>
/// <param name="Profile">Entropies of every cut.</param>
/// <param name="WithoutFirst">Entropies with the first token's column removed; null where nothing is left, or for scores.</param>
/// <param name="PrefixEntropies">The boundary's entropy of the first T tokens, for each length of the series.</param>
/// <param name="Rank">The numerical rank; null where it was not asked for.</param>
/// <param name="FirstMass">The mean weight on the first token, 0–1; NaN for scores.</param>
/// <param name="Distance">The mean distance looked back, in tokens; NaN for scores.</param>
/// <param name="Evenness">The mean of the rows' Shannon entropies over the largest they can have, 0–1; NaN for scores.</param>
/// <param name="NearMass">The mean weight on the nearest eighth of the tokens, over rows that see more; NaN for scores.</param>
internal sealed record HeadSample(
    EntropyProfile Profile, double[]? WithoutFirst, double[] PrefixEntropies, int? Rank, double FirstMass, double Distance, double Evenness, double NearMass)
{
    private const double RankCut = 1e-14;

    /// <summary>Measures a batch.</summary>
    /// <param name="matrices">Patterns or scores <c>[b, T, T]</c>, finite, float64; none of them zero.</param>
    /// <param name="chain">The sites of T × T.</param>
    /// <param name="lengths">The lengths of the series, each at most T.</param>
    /// <param name="state">What the matrices are.</param>
    /// <param name="needsRank">Whether ranks are wanted; they cost a singular value decomposition.</param>
    /// <param name="cancellation">Stops between cuts.</param>
    public static HeadSample[] Of(Tensor matrices, SiteChain chain, IReadOnlyList<int> lengths, AttentionState state, bool needsRank, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var isPattern = state == AttentionState.Pattern;
        var profiles = EntropyProfile.Of(matrices, chain, cancellation);
        var withoutFirst = isPattern ? EntropiesWithoutFirst(matrices, chain, cancellation) : new double[]?[profiles.Length];
        var prefixes = lengths.Select(length => length == chain.Rows
            ? [.. profiles.Select(profile => profile.Entropies[chain.Boundary - 1])]
            : BoundaryEntropies(matrices.narrow(1, 0, length).narrow(2, 0, length), cancellation)).ToArray();
        var ranks = needsRank ? Ranks(matrices) : null;
        var firstMass = isPattern ? matrices.select(2, 0).mean([1L]).ToVector() : null;
        var distance = isPattern ? Distances(matrices) : null;
        var evenness = isPattern ? EvennessOf(matrices) : null;
        var near = isPattern ? NearMassOf(matrices) : null;
        return [.. profiles.Select((profile, sample) => new HeadSample(
            profile,
            withoutFirst[sample],
            [.. prefixes.Select(prefix => prefix[sample])],
            ranks?[sample],
            firstMass?[sample] ?? double.NaN,
            distance?[sample] ?? double.NaN,
            evenness?[sample] ?? double.NaN,
            near?[sample] ?? double.NaN))];
    }

    private static double[]?[] EntropiesWithoutFirst(Tensor patterns, SiteChain chain, CancellationToken cancellation)
    {
        var rest = AttentionPatterns.WithoutFirst(patterns);
        var isLeft = rest.amax([1L, 2L]).gt(0);
        var entropies = new double[]?[patterns.shape[0]];
        var kept = isLeft.nonzero().squeeze(1).data<long>().ToArray();
        if (kept.Length > 0)
        {
            var profiles = EntropyProfile.Of(rest.index_select(0, tensor(kept)), chain, cancellation);
            for (var i = 0; i < kept.Length; i++)
            {
                entropies[kept[i]] = profiles[i].Entropies;
            }
        }

        return entropies;
    }

    /// <summary>The whole length as one site a side.</summary>
    private static double[] BoundaryEntropies(Tensor matrices, CancellationToken cancellation)
    {
        var length = (int)matrices.shape[1];
        var collector = new EntropyCollector((int)matrices.shape[0], 1);
        SchmidtSpectra.ByDensityMatrices(EntropyProfile.Scaled(matrices).flatten(1), [length, length], collector.Add, cancellation);
        return [.. collector.Profiles().Select(profile => profile.Entropies[0])];
    }

    private static int[] Ranks(Tensor matrices)
    {
        var weights = SchmidtSpectra.SingularWeights(EntropyProfile.Scaled(matrices));
        return [.. weights.gt(RankCut * weights.amax([1L], keepdim: true)).sum([1L]).data<long>().ToArray().Select(rank => (int)rank)];
    }

    // The first row sees one token only and is left out.
    private static double[] EvennessOf(Tensor patterns)
    {
        var rows = special.entr(patterns.narrow(1, 1, patterns.shape[1] - 1)).sum(-1); // [b, T − 1]
        var largest = arange(2, patterns.shape[1] + 1, dtype: ScalarType.Float64).log();
        return (rows / largest).mean([1L]).ToVector();
    }

    private static double[] NearMassOf(Tensor patterns)
    {
        var length = patterns.shape[1];
        var reach = Math.Max(length / 8, 1);
        var near = (patterns - patterns.tril(-reach)).sum(-1); // [b, T]
        return near.narrow(1, reach, length - reach).mean([1L]).ToVector();
    }

    private static double[] Distances(Tensor patterns)
    {
        var position = arange(patterns.shape[1], dtype: ScalarType.Float64);
        var distance = position.unsqueeze(1) - position.unsqueeze(0); // [query, key]
        return (patterns * distance).sum(-1).mean([1L]).ToVector();
    }
}
