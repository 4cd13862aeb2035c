using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>A sparse autoencoder's training or evaluation in words.</summary>
internal static class AtomsFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        if (result.Number("explainedVariance") is { } explained)
        {
            yield return Reconstruction(result, explained);
        }

        if (result.Number("uniqueness", "pairQuantile") is { } pairs)
        {
            yield return new Finding(
                $"The bound that guarantees a unique code holds up to the quantile {NumberText.Of(pairs)} of pairs of atoms, and up to {NumberText.Of(result.Number("uniqueness", "atomQuantile"))} of atoms by their nearest other.",
                $"Random directions of the same number, width and sparsity reach {NumberText.Of(result.Number("uniqueness", "randomControl"))} of pairs. "
                + $"For all pairs it holds with at most {NumberText.Of(result.Number("uniqueness", "strict"))} active atoms, where {NumberText.Of(result.Number("l0"))} are active.");
        }
    }

    /// <summary>How much of a planted dictionary was found.</summary>
    public static IEnumerable<Finding> OfRecovery(ResultReader result)
    {
        if (result.Number("matchedFraction") is { } matched)
        {
            yield return new Finding(
                $"Of {NumberText.Of(result.Number("atoms"))} planted atoms {NumberText.Percent(matched)} are found at a cosine of 0.99 or more; their codes explain {NumberText.Percent(result.Number("heldOutExplainedVariance"))} of held-out rows.",
                $"Before directions and codes were solved for again: {NumberText.Percent(result.Number("trainedMatchedFraction"))} and {NumberText.Percent(result.Number("trainedHeldOutExplainedVariance"))}. "
                + $"The atoms' coherence guarantees unique codes of up to {NumberText.Of(result.Number("largestSparsity"))} atoms, where {NumberText.Of(result.Number("active"))} are active.");
        }
    }

    /// <summary>Which directions other trainings find too.</summary>
    public static IEnumerable<Finding> OfStability(ResultReader result)
    {
        if (result.Number("meanMaximum") is { } mean)
        {
            yield return new Finding(
                $"The dictionary's directions have a greatest cosine of {NumberText.Of(mean)} with those of other trainings, on the mean.",
                $"Random directions reach {NumberText.Of(result.Number("randomMeanMaximum"))}. What every seed finds is not yet meaningful: it may be what the architecture likes.");
        }
    }

    private static Finding Reconstruction(ResultReader result, double explained)
    {
        var text = $"With {NumberText.Of(result.Number("l0"))} atoms active at a time the dictionary explains {NumberText.Percent(explained)} of the variance";
        text += result.Number("heldOutExplainedVariance") is { } heldOut ? $", {NumberText.Percent(heldOut)} on activations kept aside." : ".";
        text += result.Number("crossEntropy", "recovered") is { } recovered ? $" Put in place of the activations it recovers {NumberText.Percent(recovered)} of the loss that ablating them costs." : "";

        List<string> controls = [];
        if (result.Number("shuffledCodesExplainedVariance") is { } shuffled)
        {
            controls.Add($"With its codes shuffled over rows it explains {NumberText.Percent(shuffled)}.");
        }

        if (result.Number("aliveFraction") is { } alive)
        {
            controls.Add($"{NumberText.Percent(alive)} of the atoms fire at all.");
        }

        if (result.Number("singleSampleFraction") is { } single)
        {
            controls.Add($"{NumberText.Percent(single)} of those fire on a single row.");
        }

        controls.Add("Explained variance says nothing of meaning: a dictionary may reconstruct well with atoms that mean nothing by themselves.");
        return new Finding(text, string.Join(' ', controls));
    }
}
