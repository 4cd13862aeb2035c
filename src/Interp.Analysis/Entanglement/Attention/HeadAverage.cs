namespace Interp.Analysis.Entanglement.Attention;

/// <summary>Turns one head's samples over prompts into its profile.</summary>
internal static class HeadAverage
{
    public static HeadProfile Of(int layer, int head, IReadOnlyList<HeadSample> samples, SiteChain chain, IReadOnlyList<int> lengths, EntanglementAttentionOptions options)
    {
        var entropies = Means(samples.Select(sample => sample.Profile.Entropies));
        var prefixes = Means(samples.Select(sample => sample.PrefixEntropies));
        var withoutFirst = samples.All(sample => sample.WithoutFirst is not null) ? Means(samples.Select(sample => sample.WithoutFirst!)) : null;
        var rank = samples[0].Rank ?? chain.Rows;
        var isPattern = options.State == AttentionState.Pattern;
        var firstMass = samples.Average(sample => sample.FirstMass);
        ScalingFit[] againstCut = [.. AgainstCut(entropies)];
        ScalingFit[] againstLength = lengths.Count > 1 ? [.. ScalingFits.AgainstLength(lengths, prefixes)] : [];
        return new HeadProfile
        {
            Name = $"blocks.{layer}.attn.{(isPattern ? "hook_pattern" : "hook_attn_scores")}.{head}",
            Layer = layer,
            Head = head,
            Rows = chain.Rows,
            Columns = chain.Columns,
            Sites = chain.Sites,
            Boundary = chain.Boundary,
            Entropies = entropies,
            EntropyErrors = Errors([.. samples.Select(sample => sample.Profile.Entropies)], entropies),
            Renyi2 = Means(samples.Select(sample => sample.Profile.Renyi2)),
            NullGaussian = NullModels.FullRankReal(chain),
            NullLowRank = NullModels.LoraGaussianReal(chain, rank),
            NullSpectrum = Means(samples.Select(sample => NullModels.SpectrumConditioned(chain, Math.Exp(-sample.Profile.Renyi2[chain.Boundary - 1])))),
            Rank = rank,
            LargestWeight = samples.Average(sample => Math.Exp(-sample.Profile.MinEntropies[chain.Boundary - 1])),
            FirstMass = isPattern ? firstMass : null,
            Distance = isPattern ? samples.Average(sample => sample.Distance) : null,
            Evenness = isPattern ? samples.Average(sample => sample.Evenness) : null,
            NearMass = isPattern ? samples.Average(sample => sample.NearMass) : null,
            Kind = isPattern ? KindOf(firstMass, samples, options) : HeadKind.Mixed,
            IsSink = isPattern && firstMass > options.SinkMass,
            WithoutFirst = withoutFirst,
            PrefixEntropies = prefixes,
            Fits = [.. againstCut, .. againstLength],
            FitsWithoutFirst = withoutFirst is null ? [] : AgainstCut(withoutFirst),
            CutLaw = ScalingFits.Winner(againstCut),
            LengthLaw = ScalingFits.Winner(againstLength),
        };
    }

    private static HeadKind KindOf(double firstMass, IReadOnlyList<HeadSample> samples, EntanglementAttentionOptions options) =>
        firstMass > options.SinkMass ? HeadKind.Sink
        : samples.Average(sample => sample.Evenness) > options.UniformEvenness ? HeadKind.Uniform
        : samples.Average(sample => sample.NearMass) > options.LocalMass ? HeadKind.Local
        : HeadKind.Mixed;

    private static IReadOnlyList<ScalingFit> AgainstCut(double[] entropies) => entropies.Length > 1 ? ScalingFits.AgainstCut(entropies) : [];

    private static double[] Means(IEnumerable<double[]> rows)
    {
        var list = rows.ToArray();
        return [.. Enumerable.Range(0, list[0].Length).Select(place => list.Average(row => row[place]))];
    }

    private static double[] Errors(double[][] rows, double[] means) => [.. means.Select((mean, place) => rows.Length > 1
        ? Math.Sqrt(rows.Sum(row => (row[place] - mean) * (row[place] - mean)) / (rows.Length - 1) / rows.Length)
        : 0)];
}
