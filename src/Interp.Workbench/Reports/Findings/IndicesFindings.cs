using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>The indices of one point cloud in words.</summary>
internal static class IndicesFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        if (result.Number("separabilityBits") is { } separability && result.Number("mixture") is { } mixture)
        {
            yield return new Finding(
                $"The cloud of {NumberText.Of(result.Number("points"))} points has a separability index of {NumberText.Of(separability)} bits at its best angle and a mixture index of {NumberText.Of(mixture)}.",
                "A multi-dimensional feature has a high separability index and a low mixture index. The estimator has a positive bias that shrinks with the number of points: compare with the same cloud permuted.");
        }
    }
}
