using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>The circles on which a model adds modulo a number, in words.</summary>
internal static class FourierFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        if (result["keyFrequencies"] is null)
        {
            yield break;
        }

        var keys = result.Numbers("keyFrequencies");
        if (keys.Count == 0)
        {
            yield return new Finding("No frequency stands out of the embedding's spectrum: no circles of this kind were found.", "");
            yield break;
        }

        yield return Used(result, keys);
        yield return Shares(result, keys);
    }

    // What the model computes with is what it cannot do without, not what is clean to look at.
    private static Finding Used(ResultReader result, IReadOnlyList<double> keys)
    {
        var reports = result.List("frequencies").Select(item => new ResultReader(item)).ToList();
        var causal = reports.Where(report => report.Flag("isCausal") == true).ToList();
        var decoys = result.Numbers("decoyFrequencies");
        if (causal.Count == 0)
        {
            return new Finding(
                $"The embedding holds {Circles(keys)}.",
                decoys.Count > 0 ? "Taking any of them out changes nothing much: they are there, but not used." : "That a circle is there does not show that the model uses it.");
        }

        var costs = causal.Where(report => report.Number("removeAccuracy") is not null)
            .Select(report => $"{NumberText.Percent(report.Number("removeAccuracy"))} without {NumberText.Of(report.Number("frequency"))}");
        var text = $"The model computes on {Circles([.. causal.Select(report => report.Number("frequency") ?? 0)])}. Accuracy {NumberText.Percent(result.Number("accuracy"))}; {Words.List(costs)}.";
        var kept = result.Number("keepKeyPlanesAccuracy") is { } keep && result.Number("removeKeyPlanesAccuracy") is { } remove
            ? $"Controls: the planes of the key frequencies alone give {NumberText.Percent(keep)}, the embedding without them {NumberText.Percent(remove)} (guessing: {NumberText.Percent(1 / result.Number("modulus"))}). "
            : "";
        var unused = decoys.Count > 0
            ? $"{(decoys.Count == 1 ? "Frequency" : "Frequencies")} {Words.List(decoys.Select(number => NumberText.Of(number)))} {(decoys.Count == 1 ? "is a circle" : "are circles")} as clean in the embedding, and not used."
            : "";
        return new Finding(text, kept + unused);
    }

    private static Finding Shares(ResultReader result, IReadOnlyList<double> keys)
    {
        var text = result.Number("logitVarianceExplained") is { } share
            ? $"Waves of the key frequencies {Words.List(keys.Select(key => NumberText.Of(key)))} explain {NumberText.Percent(share)} of the variance of the logits."
            : $"The key frequencies are {Words.List(keys.Select(key => NumberText.Of(key)))}.";
        text += result.Number("neuronsAboveThreshold") is { } neurons
            ? $" {NumberText.Percent(neurons)} of the MLP's neurons have at least {NumberText.Percent(result.Number("threshold"))} of their variance in one frequency."
            : "";
        var control = result.Number("restrictedLoss") is { } restricted && result.Number("excludedLoss") is { } excluded
            ? $"Loss with only these frequencies in the logits {NumberText.Of(restricted)} nats, without them {NumberText.Of(excluded)} nats. "
            : "";
        return new Finding(text, control + "The frequencies are sought in a basis chosen beforehand; what lies outside it is not seen.");
    }

    private static string Circles(IReadOnlyList<double> frequencies) =>
        $"{(frequencies.Count == 1 ? "a circle" : $"{frequencies.Count} circles")} of frequency {Words.List(frequencies.Select(number => NumberText.Of(number)))}";
}
