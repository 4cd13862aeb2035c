using Interp.Compute;

namespace Interp.Analysis.Atoms.Training;

/// <summary>The dictionaries of a grid that one of several processes trains.</summary>
internal static class GridPart
{
    /// <summary>Every n-th point of the grid where the options ask for a part, else all of them.</summary>
    /// <exception cref="InterpException">The grid has fewer points than there are parts.</exception>
    public static IReadOnlyList<LearnerOptions> Of(IReadOnlyList<LearnerOptions> grid, AtomsOptions options)
    {
        if (WorkPart.Parse(options.Only, "--only") is not { } part)
        {
            return grid;
        }

        return part.Count <= grid.Count && grid.Count > 1
            ? [.. grid.Where((_, point) => part.Owns(point))]
            : throw new InterpException($"--only {part}: the options give {grid.Count} {(grid.Count == 1 ? "dictionary" : "dictionaries")}; ask for at most that many parts, and for two dictionaries at least");
    }
}
