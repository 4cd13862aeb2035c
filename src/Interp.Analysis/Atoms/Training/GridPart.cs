using Interp.Compute;
using Interp.Compute.Devices;
using TorchSharp;

namespace Interp.Analysis.Atoms.Training;

/// <summary>The dictionaries of a grid that one of several processes trains.</summary>
internal static class GridPart
{
    /// <summary>Encoding forms the product, the pre-activations and the code.</summary>
    private const long MeasuredCodes = 3;

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

    /// <summary>
    /// What dictionaries trained side by side hold at least: weights and moments of all, and what the greatest step of one, or measuring it in the
    /// end, forms beside them.
    /// </summary>
    /// <param name="points">The dictionaries.</param>
    /// <param name="device">Where they are trained.</param>
    /// <param name="rows">The rows that there are.</param>
    public static MemoryPlan Memory(IReadOnlyList<LearnerOptions> points, DeviceType device, long rows)
    {
        var what = points.Count == 1 ? "a dictionary and its moments" : $"{points.Count} dictionaries and their moments";
        var plan = new MemoryPlan().Add(what, points.Sum(point => Weights(point) * (point.Beta1 > 0 ? 3 : 2)));
        var step = points.MaxBy(point => StepBytes(point, device))!;
        var measured = Math.Min(AtomsAnalysis.MeasuredRows, (rows + 1) / 2);
        var measuring = MeasuredCodes * measured * points.Max(point => point.Width) * sizeof(float);
        return StepBytes(step, device) > measuring
            ? plan.Add($"a step's codes and gradients at batch {step.BatchSize}", StepBytes(step, device))
            : plan.Add($"codes of {measured} rows at once in the final measuring", measuring);
    }

    /// <summary>Encoder and decoder; float32.</summary>
    private static long Weights(LearnerOptions point) => (long)point.Width * (point.InputWidth + point.OutputWidth) * sizeof(float);

    /// <summary>
    /// Gradients, and pre-activations, codes and their gradients <c>[B, d_sae]</c>, as products of whole matrices form them; thresholds on the
    /// CPU need none of these, as only what is active is gone through.
    /// </summary>
    private static long StepBytes(LearnerOptions point, DeviceType device) =>
        point.Architecture == TrainedArchitecture.JumpRelu && device == DeviceType.CPU && !point.IsTranscoder
            ? 0
            : Weights(point) + (3L * point.BatchSize * point.Width * sizeof(float));
}
