using System.Text.Json;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>Helix fits in words.</summary>
internal static class HelixFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        if (OfFits(result.List("fits"), "name") is { } finding)
        {
            yield return finding;
        }
    }

    /// <summary>A helix beside the other bases fitted to the same numbers.</summary>
    /// <param name="fits">The fits.</param>
    /// <param name="name">The key that names a basis.</param>
    public static Finding? OfFits(IReadOnlyList<JsonElement> fits, string name)
    {
        double? HeldOut(string basis) => fits.Select(fit => new ResultReader(fit))
            .FirstOrDefault(fit => fit.Text(name)?.StartsWith(basis, StringComparison.Ordinal) == true).Number("heldOutR2");
        return HeldOut("helix") is { } helix
            ? new Finding(
                $"A helix reads the activations of numbers that were not fitted with R² {NumberText.Of(helix)}, a line with {NumberText.Of(HeldOut("line alone"))}, a polynomial with {NumberText.Of(HeldOut("polynomial"))}.",
                $"Helices of shuffled numbers have {NumberText.Of(HeldOut("helix of shuffled"))} on the mean; below 0 is worse than the mean activation. Nine principal components, which see the activations themselves, reach {NumberText.Of(HeldOut("9 principal"))}. A good fit does not show that the model computes with it.")
            : null;
    }
}
