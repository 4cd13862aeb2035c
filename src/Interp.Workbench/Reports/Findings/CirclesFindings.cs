using System.Text.Json;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>Circular features in words.</summary>
internal static class CirclesFindings
{
    /// <summary>The Fourier structure of a model that adds modulo a number.</summary>
    public static IEnumerable<Finding> Fourier(ResultReader result)
    {
        var frequencies = result.Numbers("keyFrequencies");
        if (frequencies.Count == 0)
        {
            if (result["keyFrequencies"] is not null)
            {
                yield return new Finding("No frequency stands out of the embedding's spectrum: no circles of this kind were found.", "");
            }

            yield break;
        }

        var text = $"The model computes on {Count(frequencies.Count, "circle")}, of frequency {Words.List(frequencies.Select(frequency => NumberText.Of(frequency)))}";
        text += result.Number("logitVarianceExplained") is { } share ? $": waves of these frequencies explain {NumberText.Percent(share)} of the variance of its logits." : ".";
        text += result.Number("neuronsAboveThreshold") is { } neurons
            ? $" {NumberText.Percent(neurons)} of the MLP's neurons hold to one frequency (threshold {NumberText.Of(result.Number("threshold"))})."
            : "";
        var control = result.Number("restrictedLoss") is { } restricted && result.Number("excludedLoss") is { } excluded
            ? $"Ablation as control: with these frequencies alone the loss is {NumberText.Of(restricted)} nats, without them {NumberText.Of(excluded)} nats. "
            : "";
        yield return new Finding(text, control + "The frequencies are sought in a basis chosen beforehand; what lies outside it is not seen.");
    }

    /// <summary>The indices of one point cloud.</summary>
    public static IEnumerable<Finding> Indices(ResultReader result)
    {
        if (result.Number("separabilityBits") is not { } separability || result.Number("mixture") is not { } mixture)
        {
            yield break;
        }

        yield return new Finding(
            $"The cloud of {NumberText.Of(result.Number("points"))} points has a separability index of {NumberText.Of(separability)} bits at its best angle and a mixture index of {NumberText.Of(mixture)}.",
            "A multi-dimensional feature has a high separability index and a low mixture index. The estimator has a positive bias that shrinks with the number of points: compare with the same cloud permuted.");
    }

    /// <summary>Clusters of a dictionary's latents whose reconstructions are planes.</summary>
    public static IEnumerable<Finding> Found(ResultReader result)
    {
        var clusters = result.List("clusters");
        if (clusters.Count == 0)
        {
            yield break;
        }

        var best = new ResultReader(clusters[0]);
        var plane = best.List("planes").Select(item => new ResultReader(item)).OrderByDescending(item => item.Number("score") ?? double.NegativeInfinity).Cast<ResultReader?>().FirstOrDefault();
        var text = $"Of {Count(clusters.Count, "cluster")} of latents, the most circular joins {Count(best.List("latents").Count, "latent")} (score {NumberText.Of(best.Number("score"))}";
        text += plane is { } p && p.Number("separabilityBits") is { } bits ? $"; separability {NumberText.Of(bits)} bits, mixture {NumberText.Of(p.Number("mixture"))})." : ").";
        yield return new Finding(
            text,
            "The clusters are ranked by score, so the first looks good by selection: some cluster always comes first. See whether its plane is a ring, and what its tokens have in common.");
    }

    private static string Count(int count, string noun) => $"{NumberText.Of(count)} {noun}{(count == 1 ? "" : "s")}";
}
