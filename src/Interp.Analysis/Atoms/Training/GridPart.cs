using Interp.Compute;
using Interp.Compute.Devices;

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

    /// <summary>What weights and moments of dictionaries trained side by side hold at least.</summary>
    public static MemoryPlan Memory(IReadOnlyList<LearnerOptions> points)
    {
        // Encoder and decoder, their second moments, and their first where there are any; float32.
        long Bytes(LearnerOptions point) => (long)point.Width * (point.InputWidth + point.OutputWidth) * sizeof(float) * (point.Beta1 > 0 ? 3 : 2);
        return new MemoryPlan().Add(points.Count == 1 ? "a dictionary and its moments" : $"{points.Count} dictionaries and their moments", points.Sum(Bytes));
    }
}
