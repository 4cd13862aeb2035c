using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>How memory gave way to circles, in words.</summary>
internal static class GrokkingFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        if (result["frequencies"] is null || result["points"] is null)
        {
            yield break;
        }

        yield return new Finding(
            $"Training pairs memorised at step {Step(result, "memorizedStep")}; circles working at step {Step(result, "circuitStep")}; held-out pairs predicted better than by chance at step {Step(result, "generalizedStep")}, "
            + $"with an accuracy of 99\u00A0% at step {Step(result, "step99")}.",
            "Steps are those that were looked at, so each is late by up to one interval. One training with one seed: another may take another course.");
    }

    private static string Step(ResultReader result, string key) => result.Number(key) is { } step ? NumberText.Of(step) : "(never)";
}
