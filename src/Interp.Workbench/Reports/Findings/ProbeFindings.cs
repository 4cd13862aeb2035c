using System.Text.Json;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>Circle probes and interventions in words.</summary>
internal static class ProbeFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        if (Read(result) is { } read)
        {
            yield return read;
        }

        if (Moved(result) is { } moved)
        {
            yield return moved;
        }

        foreach (var layer in result.List("helices").GroupBy(row => new ResultReader(row).Number("layer")))
        {
            if (HelixFindings.OfFits([.. layer], "basis") is { } helix)
            {
                yield return helix with { Text = $"Layer {NumberText.Of(layer.Key)}: {helix.Text}" };
            }
        }
    }

    private static Finding? Read(ResultReader result)
    {
        var best = result.List("probes").Select(probe => new ResultReader(probe))
            .Where(probe => probe.Text("label") == "alpha" && probe.Number("harmonic") == 1 && probe.Number("heldOutOtherR2") is not null)
            .OrderByDescending(probe => probe.Number("heldOutOtherR2"))
            .Select(probe => (ResultReader?)probe)
            .FirstOrDefault();
        if (best is not { } probe || result.Number("accuracy") is not { } accuracy)
        {
            return null;
        }

        return new Finding(
            $"The model answers {NumberText.Percent(accuracy)} of {NumberText.Of(result.Number("problems"))} {result.Text("task")} sums right. "
            + $"A linear probe reads the labels' first circle best at layer {NumberText.Of(probe.Number("layer"))}, {(probe.Text("position") == "alpha" ? "at the label itself" : "at the last position")}: "
            + $"R² {NumberText.Of(probe.Number("heldOutOtherR2"))} on sums with numbers it never saw, labels told apart in {NumberText.Percent(probe.Number("nearestLabelAccuracy"))}.",
            $"Labels shuffled over prompts reach R² {NumberText.Of(probe.Number("nullQuantile95"))} one time in twenty. With a label left out whole the probe places it with R² {NumberText.Of(probe.Number("heldOutLabelR2"))}. "
            + "What a probe reads the model need not use: interventions tell.");
    }

    private static Finding? Moved(ResultReader result)
    {
        if (result.Number("bestLayer") is not { } layer || result.Number("patchCircleFlipRate") is not { } flips)
        {
            return null;
        }

        double? Rate(string kind) => result.List("interventions").Select(row => new ResultReader(row))
            .Where(row => row.Number("layer") == layer && row.Text("kind") == kind).OrderByDescending(row => row.List("harmonics").Count).FirstOrDefault().Number("flipRate");
        var harmonics = Words.List(result.Numbers("harmonics").Select(harmonic => NumberText.Of(harmonic)));
        return new Finding(
            $"Setting the circles of harmonics {harmonics} at layer {NumberText.Of(layer)} to another label's, all else at its mean, moves {NumberText.Percent(flips)} of the answers to that label's; "
            + $"the first circle alone at its own best layer moves {NumberText.Percent(result.Number("firstCircleFlipRate"))}.",
            $"With everything at its mean {NumberText.Percent(result.Number("averageAblateFlipRate"))} of the answers are the asked ones"
            + (Rate("move-outside-circle") is { } outside ? $", and a step of the same length outside the circles brings {NumberText.Percent(outside)}." : "."));
    }
}
