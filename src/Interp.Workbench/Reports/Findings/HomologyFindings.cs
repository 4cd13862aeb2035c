using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>The loops of a point cloud in words.</summary>
internal static class HomologyFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        if (result.Flag("isCircle") is not { } isCircle)
        {
            yield break;
        }

        var second = result.Number("longestOverSecond") is { } over ? $" and is {NumberText.Of(over)} times as long as the next" : "";
        var text = result.Number("longestRatio") is { } ratio
            ? $"{(isCircle ? "One loop stands out" : "No loop stands out")}: the longest is filled at {NumberText.Of(ratio)} times the distance at which it appears{second}."
            : "There is no loop.";
        var polygon = result.Number("polygon", "birth") is { } birth && result.Number("polygon", "death") is { } death
            ? $"The regular polygon of as many points, as far from their mean, has one with a ratio of {NumberText.Of(death / birth)}. "
            : "";
        yield return new Finding(text, polygon + "A loop is taken for a circle from a ratio of 2 and twice the next one's length; noise and few points shorten it.");
    }
}
