using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>A no-hair test in words.</summary>
internal static class NoHairFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        if (result.Number("betweenMethods") is not { } between || result.Number("betweenPrompts") is not { } prompts
            || result.Number("randomUpdates") is not { } random || result.Flag("isSupported") is not { } isSupported)
        {
            yield break;
        }

        var index = result.Number("index") is { } value ? $" It is {NumberText.Of(value)} of how far apart their updates are inside." : "";
        yield return new Finding(
            $"Outside, in the entropies of attention, tuned models lie {NumberText.Of(between)} of the largest entropy apart.{index} {(isSupported ? "No-hair is supported." : "That is not distinguishable from what small updates do.")}",
            $"Two prompts of the base lie {NumberText.Of(prompts)} apart, and random updates of the same norms {NumberText.Of(random)} from the base; both must be larger for the claim.");
    }
}
