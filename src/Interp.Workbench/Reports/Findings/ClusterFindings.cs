using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>Clusters of a dictionary's latents that fill planes, in words.</summary>
internal static class ClusterFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        var clusters = result.List("clusters");
        if (clusters.Count == 0)
        {
            if (result["clusters"] is not null)
            {
                yield return new Finding("No cluster of latents had enough members and enough active tokens to be judged.", "");
            }

            yield break;
        }

        var best = new ResultReader(clusters[0]);
        var judged = result.Number("judgedClusters") ?? clusters.Count;
        var text = $"Of {NumberText.Of(judged)} clusters of latents, the best joins {NumberText.Of(best.List("latents").Count)} latents with a score of {NumberText.Of(best.Number("score"))} bits";
        text += best.List("planes").Select(plane => new ResultReader(plane)).OrderByDescending(plane => plane.Number("score") ?? double.NegativeInfinity).FirstOrDefault() is var plane
            && plane.Number("separabilityBits") is { } bits ? $" (its best plane: separability {NumberText.Of(bits)} bits, mixture {NumberText.Of(plane.Number("mixture"))})." : ".";
        yield return new Finding(text, Control(result, judged) + "The first of many looks good by selection: see whether its plane is a ring and what its tokens have in common.");
        foreach (var cycle in Cycles(result))
        {
            yield return cycle;
        }
    }

    private static IEnumerable<Finding> Cycles(ResultReader result) =>
        from item in result.List("cycles")
        let cycle = new ResultReader(item)
        let name = cycle.Text("cycle")
        select cycle.Number("rank") is { } rank && cycle.Number("fit", "frequency") is { } harmonic
            ? new Finding(
                $"The {name} stand in order on a circle in the cluster of rank {NumberText.Of(rank)}, components {Words.List(cycle.Numbers("components").Select(number => NumberText.Of(number)))}: harmonic {NumberText.Of(harmonic)}, R² {NumberText.Of(cycle.Number("fit", "r2"))}.",
                (cycle.Number("probeOverlap") is { } overlap
                    ? $"{NumberText.Percent(overlap)} of the plane that a probe of the model's own sums reads lies in it; planes drawn at random among the cluster's directions reach {NumberText.Percent(cycle.Number("randomOverlapQuantile95"))} one time in twenty. "
                    : "")
                + $"Of {NumberText.Of(result.Number("controlSets"))} random sets of latents {NumberText.Of(cycle.Number("controlSets"))} show one; random places for the words fit as well with probability {NumberText.Of(cycle.Number("pValue"))}.")
            : new Finding($"No cluster's plane holds the {name} in order on a circle.", "Clusters whose tokens lack one of the words are not asked.");

    private static string Best(ResultReader result) =>
        result.Numbers("controlScores") is { Count: > 0 } scores ? $" and the best {NumberText.Of(scores.Max())}" : "";

    private static string Clusters(double? count) => count == 1 ? "one cluster does" : $"{NumberText.Of(count)} clusters do";

    private static string Control(ResultReader result, double judged) =>
        result.Number("controlQuantile95") is { } quantile
            ? $"Of {NumberText.Of(result.Number("controlSets"))} random sets of latents one in twenty reaches {NumberText.Of(quantile)} bits{Best(result)}; "
                + $"{Clusters(result.Number("clustersAboveControl"))}, where {NumberText.Of(Math.Round(judged / 20, 1))} would by chance. "
            : "No random sets were judged beside them. ";
}
