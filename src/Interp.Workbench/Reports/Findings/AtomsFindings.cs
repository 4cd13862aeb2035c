using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>A sparse autoencoder's evaluation in words.</summary>
internal static class AtomsFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        if (result.Number("explainedVariance") is { } explained)
        {
            var text = $"With {NumberText.Of(result.Number("l0"))} atoms active at a time the dictionary explains {NumberText.Percent(explained)} of the variance";
            text += result.Number("heldOutExplainedVariance") is { } heldOut ? $", {NumberText.Percent(heldOut)} on activations kept aside." : ".";
            text += result.Number("crossEntropy", "recovered") is { } recovered ? $" Put in place of the activations it keeps {NumberText.Percent(recovered)} of the model's loss gap to ablation." : "";
            var single = result.Number("singleSampleFraction") is { } lone ? $"{NumberText.Percent(lone)} of those fire on a single row. " : "";
            var dead = result.Number("aliveFraction") is { } alive ? $"{NumberText.Percent(alive)} of the atoms fire at all. " + single : "";
            yield return new Finding(text, dead + "Explained variance says nothing of meaning: a dictionary may reconstruct well with atoms that mean nothing by themselves.");
        }

        if (result.Number("uniqueness", "atomQuantile") is { } atomQuantile)
        {
            var control = result.Number("uniqueness", "randomControl") is { } random ? $"Random directions of the same number and width reach {NumberText.Of(random)}. " : "";
            yield return new Finding(
                $"The atoms meet the uniqueness bound up to the quantile {NumberText.Of(atomQuantile)} of atoms and {NumberText.Of(result.Number("uniqueness", "pairQuantile"))} of pairs.",
                control + "Always read this beside the number of active atoms: fewer active atoms meet it more easily.");
        }
    }
}
