using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Capacity.Packing;

/// <summary>
/// Makes a packing of unit vectors by gradient descent, beside the Welch bound and random vectors, and fits the capacity
/// formulas' forms to packings. Source: arXiv 2606.02765 (Guha).
/// </summary>
public static class PackingAnalysis
{
    private const int Looks = 40;

    /// <summary>The catalogue's line.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<PackingOptions, PackingOptions, PackingResult>(
        "capacity-packing",
        "Packing experiment",
        "Packs unit vectors as nearly orthogonal as it can, beside the Welch bound, and fits the capacity formulas to packings.",
        SourceKinds.None,
        (_, options) => options,
        (options, _, progress, cancellation) => Run(options, progress, cancellation),
        PackingFigures.Draw);

    /// <summary>Packs and fits; a step costs 4k²d multiplications.</summary>
    /// <param name="options">What to pack.</param>
    /// <param name="progress">Receives the steps.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="InterpException">The table of packings cannot be read or is too small.</exception>
    public static PackingResult Run(PackingOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var power = options.Power > 1 ? options.Power : PackingOptimizer.PublishedPower(options.Vectors, options.Dimension);
        var rate = options.Rate > 0 ? options.Rate : PackingOptimizer.PublishedRate(options.Dimension);
        var cells = options.Data.Length > 0 ? PackingData.Read(options.Data) : PackingData.Optimized;
        var (steps, cosines) = Pack(options, power, rate, progress, cancellation);
        return new PackingResult
        {
            Vectors = options.Vectors,
            Dimension = options.Dimension,
            Power = power,
            Rate = rate,
            Steps = steps,
            LargestCosines = cosines,
            Epsilon = options.Steps > 0 ? cosines[^1] : null,
            RandomEpsilon = options.Steps > 0 ? RandomBaseline(options, cancellation) : null,
            WelchBound = CapacityFormulas.WelchBound(options.Dimension, options.Vectors),
            FourParameter = CapacityFormulas.FourParameterEpsilon(options.Dimension, options.Vectors),
            OneParameter = CapacityFormulas.OneParameterEpsilon(options.Dimension, options.Vectors),
            Fits = [.. Enum.GetValues<PackingForm>().Select(form => PackingFits.Of(form, cells))],
            RandomFit = PackingFits.Of(PackingForm.JohnsonLindenstrauss, PackingData.Random),
            Cells = cells,
            Warnings = [.. Warnings(options, cells)],
        };
    }

    private static (int[] Steps, double[] Cosines) Pack(PackingOptions options, int power, double rate, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        if (options.Steps == 0)
        {
            return ([], []);
        }

        using var optimizer = new PackingOptimizer(options.Vectors, options.Dimension, power, rate, options.Seed, CPU);
        var looks = Enumerable.Range(0, Looks + 1).Select(look => (int)((long)options.Steps * look / Looks)).Distinct().ToArray();
        var cosines = new List<double> { optimizer.LargestCosine() };
        for (var step = 1; step <= options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            optimizer.Step();
            if (step == looks[cosines.Count])
            {
                cosines.Add(optimizer.LargestCosine());
                progress?.Report(new StepProgress("pack", step, options.Steps, "steps"));
            }
        }

        return (looks, [.. cosines]);
    }

    private static double RandomBaseline(PackingOptions options, CancellationToken cancellation)
    {
        var least = 1.0;
        for (var draw = 0; draw < options.RandomDraws; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var vectors = new PackingOptimizer(options.Vectors, options.Dimension, 2, 1, SplitMix64.ForStream(options.Seed, $"random draw {draw}").NextInt(int.MaxValue), CPU);
            least = Math.Min(least, vectors.LargestCosine());
        }

        return least;
    }

    private static IEnumerable<string> Warnings(PackingOptions options, IReadOnlyList<PackingCell> cells)
    {
        if (cells.Count(cell => cell.Count <= cell.Dimension) is > 0 and var few)
        {
            yield return $"{few} of {cells.Count} packings have k ≤ d, where vectors can be orthogonal and any relative error explodes: errorAll rests on them, read errorAbove and errorHeldOut";
        }

        if (options.Steps > 0 && options.Vectors <= options.Dimension)
        {
            yield return "there are no more vectors than dimensions: they can be orthogonal, and the Welch bound is 0";
        }
    }
}
