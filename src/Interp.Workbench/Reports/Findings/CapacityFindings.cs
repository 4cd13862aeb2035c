using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>Representational capacity in words.</summary>
internal static class CapacityFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        if (result.Number("epsilon") is not { } epsilon)
        {
            yield break;
        }

        var random = result.Number("epsilonRandom");
        var text = $"The {NumberText.Of(result.Number("vocabulary"))} directions in {NumberText.Of(result.Number("dimension"))} dimensions have ε = {NumberText.Of(epsilon)}, "
            + $"{NumberText.Of(result.Number("epsilonRatio") ?? epsilon / random)} times that of random directions (ε_rand = {NumberText.Of(random)})";
        text += result.Text("class") is { } kind ? $": {Article(kind)} {kind} space." : ".";
        if (result.Number("capacity", "adjusted") is { } capacity)
        {
            text += $" The four-parameter formula gives room for {NumberText.Of(Math.Round(capacity))} directions";
            text += result.Number("capacity", "adjustedLow") is { } low && result.Number("capacity", "adjustedHigh") is { } high
                ? $" ({NumberText.Of(Math.Round(low))} to {NumberText.Of(Math.Round(high))})."
                : ".";
        }

        var one = result.Number("capacity", "oneParameter");
        yield return new Finding(
            text,
            "Capacity is an extrapolation of a fitted formula and grows exponentially with ε²: one per cent in ε moves it by tens of per cent"
            + (one is null ? "." : $"; the one-parameter formula gives {NumberText.Of(Math.Round(one.Value))}.")
            + " In a dense space (ε above 0.1) it says little, and ε alone rewards width: read it beside ε_rand.");
    }

    private static string Article(string word) => word.Length > 0 && "aeiou".Contains(word[0], StringComparison.Ordinal) ? "an" : "a";
}
