using Interp.Analysis.Circles.Separability;
using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Find;

/// <summary>Finds multi-dimensional features in a dictionary: clusters of latents whose reconstructions fill irreducible planes.</summary>
public static class FindAnalysis
{
    private const int ControlSets = 60;
    private const int ShownClusters = 6;
    private const int ShownTokens = 1200;
    private const int TopTokens = 10;
    private const double UnitNormTolerance = 1e-3;

    /// <summary>The catalogue's line.</summary>
    public static AnalysisEntry Entry { get; } = AnalysisEntry.Create<FindSources, FindOptions, FindResult>(
        "circles-find",
        "Multi-dimensional features in a dictionary",
        "Clusters a sparse autoencoder's latents and ranks the clusters by how irreducible the planes of their reconstructions are, beside random sets of latents.",
        SourceKinds.Dictionary | SourceKinds.Activations | SourceKinds.Model,
        FindSources.Open,
        (sources, options, progress, cancellation) => Run(sources.Input, options, progress, cancellation),
        FindFigures.Draw);

    /// <summary>Clusters, reconstructs and ranks.</summary>
    /// <param name="input">The decoder and its codes; stays the caller's.</param>
    /// <param name="options">Clusters, tokens, ranking, control.</param>
    /// <param name="progress">Receives batches of tokens, then clusters.</param>
    /// <param name="cancellation">Stops between batches, planes and rotations.</param>
    /// <exception cref="InterpException">Shapes do not fit, or a number is not finite.</exception>
    /// <remarks>Codes are made twice over: once to see which latents fire, once to collect those of each cluster and each random set.</remarks>
    public static FindResult Run(FindInput input, FindOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        input.Require();
        var reader = new ActivityReader(input, options);
        var firings = reader.Firings(progress, cancellation);
        int[] alive = [.. Enumerable.Range(0, firings.Length).Where(latent => firings[latent] >= options.MinimumFirings)];
        var all = LatentClusters.Of(input.Decoder, alive, options, progress, cancellation);
        var sized = Enumerable.Range(0, all.Length).Where(id => all[id].Length >= options.MinimumSize && all[id].Length <= options.MaximumSize).ToArray();
        var draws = options.ControlDraws > 0 ? options.ControlDraws : (ControlSets + sized.Length - 1) / Math.Max(1, sized.Length);
        var controls = sized.SelectMany(id => Controls(id, all[id].Length, alive, draws, options.Seed)).ToArray();
        var activities = reader.Collect([.. sized.Select(id => all[id]), .. controls], progress, cancellation);

        var judge = new ClusterJudge(input, options);
        var judged = Judge(judge, sized, activities, draws, options, progress, cancellation);
        var ranked = judged.OrderByDescending(cluster => ClusterJudge.Score(cluster.Planes, options.Ranking)).ThenBy(cluster => cluster.Id).ToArray();
        var stability = ClusterStability.Of(input.Decoder, alive, options, progress, cancellation);
        var clusters = ranked.Take(options.Listed).Select((cluster, rank) => Found(cluster, rank, input, judge, options, cancellation) with { Stability = stability.Mean(cluster.Activity.Latents) }).ToArray();
        double Score(FoundPlane[] planes) => ClusterJudge.Score(planes, options.Ranking);
        return Summary(input, options, reader, alive, all, sized, clusters, [.. ranked.Select(cluster => Score(cluster.Planes))], [.. ranked.SelectMany(cluster => cluster.Controls).Select(Score)]) with
        {
            Cycles = [.. input.Cycles.Select(cycle => judge.Find(cycle, [.. ranked.Select(cluster => (cluster.Id, cluster.Activity, cluster.Planes))], ranked.SelectMany(cluster => cluster.Controls), cancellation))],
        };
    }

    /// <summary>Judges every cluster of enough tokens and its random sets, side by side; in the order of their numbers.</summary>
    private static (int Id, GroupActivity Activity, FoundPlane[] Planes, FoundPlane[][] Controls)[] Judge(
        ClusterJudge judge, int[] sized, GroupActivity[] activities, int draws, FindOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var judged = new (int Id, GroupActivity Activity, FoundPlane[] Planes, FoundPlane[][] Controls)?[sized.Length];
        var done = 0;
        Parallel.For(0, sized.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, place =>
        {
            if (activities[place].Rows.Count >= options.MinimumTokens)
            {
                var own = activities.AsSpan(sized.Length + (place * draws), draws).ToArray();
                FoundPlane[][] controls = [.. own.Where(control => control.Rows.Count >= options.MinimumTokens).Select(control => judge.Planes(control, [], cancellation))];
                judged[place] = (sized[place], activities[place], judge.Planes(activities[place], [], cancellation), controls);
            }

            progress?.Report(new StepProgress("judge clusters", Interlocked.Increment(ref done), sized.Length, "clusters"));
        });
        return [.. judged.OfType<(int, GroupActivity, FoundPlane[], FoundPlane[][])>()];
    }

    /// <summary>Random sets of as many latents as a cluster has, each drawn without repetition from those that fire.</summary>
    private static IEnumerable<int[]> Controls(int id, int size, int[] alive, int draws, long seed)
    {
        for (var draw = 0; draw < draws; draw++)
        {
            var random = SplitMix64.ForStream(seed, $"random set {draw} for cluster {id}");
            var pool = (int[])alive.Clone();
            for (var i = 0; i < size; i++)
            {
                var other = i + random.NextInt(pool.Length - i);
                (pool[i], pool[other]) = (pool[other], pool[i]);
            }

            yield return [.. pool.Take(size).Order()];
        }
    }

    private static FoundCluster Found(
        (int Id, GroupActivity Activity, FoundPlane[] Planes, FoundPlane[][] Controls) cluster, int rank, FindInput input, ClusterJudge judge, FindOptions options, CancellationToken cancellation)
    {
        var activity = cluster.Activity;
        var tokens = judge.TokenIds(activity);
        var residues = rank < ShownClusters ? judge.Residues(activity) : null;
        var count = rank < ShownClusters ? Math.Min(activity.Rows.Count, ShownTokens) : 0;
        int[] shown = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * activity.Rows.Count / count))];
        return new FoundCluster
        {
            Id = cluster.Id,
            Latents = activity.Latents,
            Planes = count > 0 ? judge.Planes(activity, shown, cancellation) : cluster.Planes,
            Score = ClusterJudge.Score(cluster.Planes, options.Ranking),
            MeanScore = ClusterJudge.Score(cluster.Planes, ClusterRanking.MeanPlane),
            MeanCosine = LatentClusters.MeanCosine(input.Decoder, activity.Latents),
            Tokens = activity.Rows.Count,
            TopTokens = tokens is null ? [] : [.. tokens.CountBy(token => token).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(TopTokens).Select(pair => new TokenCount(pair.Key, pair.Value, input.TokenText?.Invoke(pair.Key)))],
            ControlScores = [.. cluster.Controls.Select(planes => ClusterJudge.Score(planes, options.Ranking))],
            ShownRows = [.. shown.Select(i => activity.Rows[i])],
            ShownTokens = tokens is null ? [] : [.. shown.Select(i => tokens[i])],
            ShownTexts = tokens is null || input.TokenText is not { } text ? [] : [.. shown.Select(i => text(tokens[i]))],
            ShownAngles = tokens is null ? [] : CycleReader.Angles(input.Cycles, cluster.Planes, [.. shown.Select(i => tokens[i])]),
            ShownResidues = residues is null ? [] : [.. shown.Select(i => residues[i])],
        };
    }

    private static FindResult Summary(
        FindInput input, FindOptions options, ActivityReader reader, int[] alive, int[][] all, int[] sized, FoundCluster[] clusters, double[] scores, double[] controls)
    {
        double[] sorted = [.. controls.Order()];
        double? quantile = sorted.Length == 0 ? null : SeparabilityIndex.Quantile(sorted, 0.95);
        return new FindResult
        {
            Clusters = clusters,
            JudgedClusters = scores.Length,
            Latents = (int)input.Decoder.shape[0],
            ClusteredLatents = alive.Length,
            AllClusters = all.Length,
            Singletons = all.Count(cluster => cluster.Length == 1),
            ClustersOfOtherSizes = all.Length - sized.Length - all.Count(cluster => cluster.Length == 1),
            ClustersWithFewTokens = sized.Length - scores.Length,
            Rows = reader.Rows,
            ControlMean = sorted.Length == 0 ? null : sorted.Average(),
            ControlQuantile95 = quantile,
            ControlSets = sorted.Length,
            ClustersAboveControl = quantile is null ? null : scores.Count(score => score > quantile),
            Scores = scores,
            ControlScores = [.. sorted.Reverse()],
            Method = options.Method,
            Ranking = options.Ranking,
            Estimator = options.Estimator,
            MixtureEstimator = options.MixtureEstimator,
            Epsilon = options.Epsilon,
            Modulus = input.Modulus,
            Warnings = [.. Warnings(input, scores.Length, sorted.Length)],
        };
    }

    private static IEnumerable<string> Warnings(FindInput input, int judged, int controls)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var norms = input.Decoder.detach().norm(1);
        if ((norms - 1).abs().max().to(ScalarType.Float64).ToDouble() > UnitNormTolerance)
        {
            yield return "the decoder's rows are not of unit length: they were scaled for clustering, not for reconstructions";
        }

        if (judged == 0)
        {
            yield return "no cluster was judged: lower the cutoff or the fewest tokens, or read more tokens";
        }
        else if (controls < 20)
        {
            yield return $"{controls} random sets are few for a 95th percentile: draw more for each cluster";
        }
    }
}
