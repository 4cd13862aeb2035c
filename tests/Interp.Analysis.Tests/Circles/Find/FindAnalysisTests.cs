using System.Text.Json;
using Interp.Analysis.Circles.Find;
using Interp.Compute;
using Interp.Compute.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Find;

public sealed class FindAnalysisTests
{
    private static readonly FindOptions s_quick = new() { Directions = 60, Cutoff = 0.8, ControlDraws = 1 };

    [Fact]
    public void A_tiled_circle_is_found_whole_and_ranks_above_the_rest_and_above_chance()
    {
        using var made = new MadeDictionary();
        var result = FindAnalysis.Run(made.Input, s_quick with { ControlDraws = 10 });
        var best = result.Clusters[0];
        Assert.Equal(Enumerable.Range(0, MadeDictionary.Circle), best.Latents);
        Assert.True(best.Score >= 0.7, $"{best.Score}");
        Assert.True(best.Score > best.ControlScores.Max());
        Assert.Equal(10, best.ControlScores.Length);
        Assert.Contains(result.Clusters, cluster => cluster.Latents.SequenceEqual(Enumerable.Range(MadeDictionary.Circle, MadeDictionary.Bundle)));
        Assert.Equal(MadeDictionary.Width - 1, result.ClusteredLatents);
        Assert.Equal(result.Clusters.Select(cluster => cluster.Score).OrderDescending(), result.Clusters.Select(cluster => cluster.Score));
        Assert.Equal(result.Scores, result.Clusters.Select(cluster => cluster.Score));
        Assert.True(result.ClustersAboveControl >= 1);
        Assert.Equal(result.ControlSets, result.ControlScores.Length);
    }

    [Fact]
    public void The_best_plane_of_the_circle_follows_the_answer()
    {
        using var made = new MadeDictionary();
        var best = FindAnalysis.Run(made.Input, s_quick).Clusters[0];
        var plane = best.Planes.MaxBy(plane => plane.Score)!;
        Assert.Equal([0, 1], plane.Components);
        Assert.Equal(1, plane.Fit!.Frequency);
        Assert.True(plane.Fit.IsOrdered && plane.Fit.R2 > 0.9);
        Assert.Equal(best.ShownRows.Length, plane.ShownX.Length);
        Assert.Equal(best.ShownRows.Length, best.ShownResidues.Length);
        Assert.All(best.ShownRows.Zip(best.ShownTokens), shown => Assert.Equal(shown.First % 7, shown.Second));
        Assert.Equal(best.TopTokens.OrderByDescending(token => token.Count), best.TopTokens);
    }

    [Fact]
    public void Spectral_clustering_finds_parallel_latents_and_repeats_itself()
    {
        using var made = new MadeDictionary();
        var options = s_quick with { Method = ClusterMethod.Spectral, Clusters = 8, Seed = 4 };
        var result = FindAnalysis.Run(made.Input, options);
        Assert.Equal(8, result.AllClusters);
        Assert.Contains(result.Clusters, cluster => cluster.Latents.SequenceEqual(Enumerable.Range(MadeDictionary.Circle, MadeDictionary.Bundle)));
        Assert.Equal(JsonSerializer.Serialize(result, ResultJson.Options), JsonSerializer.Serialize(FindAnalysis.Run(made.Input, options), ResultJson.Options));
    }

    [Fact]
    public void The_mean_cosine_is_that_of_all_pairs_whatever_the_rows_lengths()
    {
        using var made = new MadeDictionary(300);
        using var stretched = made.Decoder * 3;
        int[] latents = [0, 1, 5, 14, 30];
        using var scope = NewDisposeScope();
        var rows = made.Decoder.index_select(0, tensor(latents)).to(ScalarType.Float64);
        var cosines = rows.matmul(rows.t()).ToMatrix();
        var mean = Enumerable.Range(0, 5).SelectMany(i => Enumerable.Range(i + 1, 4 - i).Select(j => cosines[i, j])).Average();
        Assert.Equal(mean, LatentClusters.MeanCosine(stretched, latents), 1e-6);
        Assert.Contains(FindAnalysis.Run(made.Input with { Decoder = stretched }, s_quick).Warnings, warning => warning.Contains("unit length", StringComparison.Ordinal));
        Assert.DoesNotContain(FindAnalysis.Run(made.Input, s_quick).Warnings, warning => warning.Contains("unit length", StringComparison.Ordinal));
    }

    [Fact]
    public void Enough_random_sets_are_drawn_where_clusters_are_few()
    {
        using var made = new MadeDictionary(500);
        var result = FindAnalysis.Run(made.Input, s_quick with { ControlDraws = 0, MinimumSize = 10, Directions = 10, Components = 2, MinimumTokens = 50 });
        Assert.Equal(60, Assert.Single(result.Clusters).ControlScores.Length);
        Assert.DoesNotContain(result.Warnings, warning => warning.Contains("random sets are few", StringComparison.Ordinal));
    }

    [Fact]
    public void Rankings_follow_their_formulas()
    {
        static FoundPlane Plane(double separability, double mixture) => new()
        {
            Components = [0, 1],
            SeparabilityBits = separability,
            Mixture = mixture,
            Score = (1 - mixture) * separability,
            VarianceShare = 0.5,
        };
        FoundPlane[] planes = [Plane(1, 0.5), Plane(2, 0.2), Plane(0.9, 0.005)];
        Assert.Equal(1.6, ClusterJudge.Score(planes, ClusterRanking.BestPlane), 1e-12);
        Assert.Equal((0.5 + 1.6 + 0.8955) / 3, ClusterJudge.Score(planes, ClusterRanking.MeanPlane), 1e-12);
        Assert.Equal((0 + 0.5 + 1.6) / 3, ClusterJudge.Score(planes, ClusterRanking.PaperRanking), 1e-12);
        Assert.Equal(0, ClusterJudge.Score([], ClusterRanking.BestPlane));
    }

    [Fact]
    public void Clusters_too_small_or_too_silent_are_counted_and_left_out()
    {
        using var made = new MadeDictionary(500);
        var all = FindAnalysis.Run(made.Input, s_quick with { ControlDraws = 0 });
        Assert.Equal(all.AllClusters, all.Singletons + all.JudgedClusters + all.ClustersOfOtherSizes + all.ClustersWithFewTokens);
        var small = FindAnalysis.Run(made.Input, s_quick with { MinimumSize = 10 });
        Assert.Equal(MadeDictionary.Circle, Assert.Single(small.Clusters).Latents.Length);
        var silent = FindAnalysis.Run(made.Input, s_quick with { MinimumTokens = 501 });
        Assert.Empty(silent.Clusters);
        Assert.Contains(silent.Warnings, warning => warning.Contains("no cluster was judged", StringComparison.Ordinal));
        Assert.Single(FindFigures.Draw(silent));
    }

    [Fact]
    public void No_more_tokens_are_read_than_asked_for()
    {
        using var made = new MadeDictionary();
        var result = FindAnalysis.Run(made.Input, s_quick with { Rows = 1000, TokensPerCluster = 400 });
        Assert.Equal(1000, result.Rows);
        Assert.All(result.Clusters, cluster => Assert.True(cluster.Tokens <= 400));
        Assert.Equal(400, result.Clusters[0].Tokens);
    }

    [Fact]
    public void The_result_has_the_documented_keys_and_its_figures_all_planes()
    {
        using var made = new MadeDictionary(1000);
        var result = FindAnalysis.Run(made.Input, s_quick);
        var first = JsonSerializer.SerializeToElement(result, ResultJson.Options).GetProperty("clusters")[0];
        Assert.All(new[] { "id", "latents", "planes", "score", "meanCosine", "tokens" }, key => Assert.True(first.TryGetProperty(key, out _), key));
        Assert.All(new[] { "components", "separabilityBits", "mixture", "score" }, key => Assert.True(first.GetProperty("planes")[0].TryGetProperty(key, out _), key));
        var figure = FindFigures.Draw(result).Single(figure => figure.Name == "cluster-1");
        Assert.Equal(result.Clusters[0].Planes.Length, figure.Data.Count);
    }

    [Fact]
    public void Words_of_a_cycle_are_found_on_the_circle_that_holds_them_and_nowhere_in_another_order()
    {
        using var made = new MadeDictionary();
        const int P = MadeDictionary.Modulus;
        TokenCycle Cycle(string name, int[] order) => new()
        {
            Name = name,
            Period = P,
            Labels = order.Select((word, place) => (Token: 100 + word, place)).ToDictionary(pair => pair.Token, pair => pair.place),
            ProbePlanes = [made.Decoder.index_select(0, tensor(new long[] { 0, 3 })).to(ScalarType.Float64).ToMatrix()],
        };
        int[] order = [.. Enumerable.Range(0, P)], shuffled = [0, 5, 2, 9, 4, 11, 1, 7, 10, 3, 8, 6];
        var input = made.Input with
        {
            TokenIds = (first, count) => [.. made.Input.Documents!(first, count).Select(document => 100 + (((document / P) + (document % P)) % P))],
            Cycles = [Cycle("words", order), Cycle("other order", shuffled)],
        };
        var result = FindAnalysis.Run(input, s_quick with { ControlDraws = 5 });
        var (found, missing) = (result.Cycles[0], result.Cycles[1]);
        Assert.Equal(("words", 1, result.Clusters[0].Id), (found.Cycle, found.Rank, found.Cluster));
        Assert.True(found.Fit!.R2 > 0.9 && found.Fit.IsOrdered);
        Assert.Equal(0.001, found.PValue!.Value, 1e-12);
        Assert.Equal(1, found.ProbeOverlap!.Value, 1e-5);
        Assert.InRange(found.RandomOverlapQuantile95!.Value, 0.05, 0.7);
        Assert.Equal(1, found.TokenShare);
        Assert.Null(missing.Rank);
        Assert.Empty(missing.Ranks);
        var cluster = result.Clusters[0];
        Assert.All(cluster.ShownAngles.Zip(cluster.ShownTokens), shown => Assert.Equal(2 * Math.PI * (shown.Second - 100) / P, shown.First!.Value, 1e-12));
        Assert.Contains("the words stand in order on a circle", FindFigures.Draw(result).Single(figure => figure.Name == "cluster-1").Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_input_is_refused_in_one_line()
    {
        using var made = new MadeDictionary(200);
        var broken = made.Input with
        {
            Codes = (_, count) => full(count, MadeDictionary.Width, float.NaN),
        };
        Assert.Contains("not finite", Assert.Throws<InterpException>(() => FindAnalysis.Run(broken, s_quick)).Message, StringComparison.Ordinal);
        var narrow = made.Input with { Codes = (_, count) => ones(count, 3) };
        Assert.Throws<ShapeMismatchException>(() => FindAnalysis.Run(narrow, s_quick));
        Assert.Throws<InterpException>(() => FindAnalysis.Run(made.Input with { Rows = 0 }, s_quick));
        using var vector = ones(5);
        Assert.Throws<ShapeMismatchException>(() => FindAnalysis.Run(made.Input with { Decoder = vector }, s_quick));
        var sources = new AnalysisSources { Dictionary = "a", OutputFolder = "" };
        Assert.Contains("name the folders of both", Assert.Throws<InterpException>(() => FindSources.Open(sources, s_quick)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_stays_alive_after_a_run()
    {
        using var made = new MadeDictionary(400);
        LiveTensors.AssertNoGrowth(() => FindAnalysis.Run(made.Input, s_quick));
    }

    [Fact]
    public void A_cancelled_run_stops_at_the_next_report()
    {
        using var made = new MadeDictionary(400);
        using var source = new CancellationTokenSource();
        var stop = new Stop(source);
        Assert.ThrowsAny<OperationCanceledException>(() => FindAnalysis.Run(made.Input, s_quick, stop, source.Token));
        Assert.True(stop.Reports <= 2);
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<StepProgress>
    {
        public int Reports { get; private set; }

        public void Report(StepProgress value)
        {
            Reports++;
            source.Cancel();
        }
    }
}
