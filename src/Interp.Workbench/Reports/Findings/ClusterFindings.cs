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
    }

    private static string Best(ResultReader result) =>
        result.Numbers("controlScores") is { Count: > 0 } scores ? $" and the best {NumberText.Of(scores.Max())}" : "";

    private static string Control(ResultReader result, double judged) =>
        result.Number("controlQuantile95") is { } quantile
            ? $"Of {NumberText.Of(result.Number("controlSets"))} random sets of latents one in twenty reaches {NumberText.Of(quantile)} bits{Best(result)}; "
                + $"{NumberText.Of(result.Number("clustersAboveControl"))} clusters do, where {NumberText.Of(Math.Round(judged / 20, 1))} would by chance. "
            : "No random sets were judged beside them. ";
}
