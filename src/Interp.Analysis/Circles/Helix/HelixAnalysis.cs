using System.Globalization;
using Interp.Analysis.Circles.Separability;
using Interp.Compute;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Helix;

/// <summary>Fits activations of whole numbers by a helix: circles of several periods and a line.</summary>
public static class HelixAnalysis
{
    private const int FewNumbers = 40;
    private static readonly int[] s_principal = [9, 27];

    /// <summary>The catalogue's line.</summary>
    public static AnalysisEntry Entry { get; } = AnalysisEntry.Create<Tensor, HelixOptions, HelixResult>(
        "circles-helix",
        "Helix of numbers",
        "Fits activations of whole numbers by circles of several periods and a line, beside other bases, with numbers held out.",
        SourceKinds.Tensor,
        (sources, _) => TensorReference.Read(sources.Tensor ?? throw new InterpException("circles helix needs activations of numbers: name a tensor [numbers, d] as FILE:TENSOR")),
        Run,
        HelixFigures.Draw);

    /// <summary>Fits the helix and the bases that it is compared with to numbers that follow by one.</summary>
    /// <param name="activations">One row a number <c>[n, d]</c>; stays the caller's.</param>
    /// <param name="options">Periods, components, split.</param>
    /// <param name="progress">Receives the fits.</param>
    /// <param name="cancellation">Stops between fits.</param>
    /// <exception cref="InterpException">The rows are no matrix of eight rows, all equal, or hold a number that is not finite.</exception>
    public static HelixResult Run(Tensor activations, HelixOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(activations);
        ArgumentNullException.ThrowIfNull(options);
        if (activations.dim() != 2 || activations.shape[0] < 8 || activations.shape[1] < 1)
        {
            throw new ShapeMismatchException("the activations of numbers", "[n ≥ 8, d]", activations.shape);
        }

        return Fit(activations, [.. Enumerable.Range(options.First, (int)activations.shape[0])], options, progress, cancellation);
    }

    /// <summary>Fits the same to any numbers, one a row; <see cref="HelixOptions.First"/> is not looked at.</summary>
    internal static HelixResult Fit(
        Tensor activations, IReadOnlyList<int> numbers, HelixOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var split = new HelixSplit(activations.detach().to(ScalarType.Float64).cpu(), options);
        var values = numbers.Select(number => (double)number).ToArray();
        var periods = options.Periods.Distinct().ToArray();
        var helix = split.Fit("helix", HelixBases.Helix(values, periods, hasLine: true));
        var circles = split.Fit("circles without the line", HelixBases.Helix(values, periods, hasLine: false));
        var without = Array.ConvertAll(periods, period => split.Fit(
            string.Create(CultureInfo.InvariantCulture, $"helix without period {period}"), HelixBases.Helix(values, [.. periods.Where(other => other != period)], hasLine: true)));
        progress?.Report(new StepProgress("fits", 1, 2, "stages"));
        var shuffled = Shuffled(split, values, options, cancellation);
        progress?.Report(new StepProgress("fits", 2, 2, "stages"));
        return new HelixResult
        {
            Numbers = values.Length,
            Dimension = (int)activations.shape[1],
            HeldOutNumbers = split.HeldOut,
            Components = split.Components,
            Fits =
            [
                helix,
                circles,
                split.Fit(HelixBases.PolynomialName, HelixBases.Polynomial(values)),
                .. s_principal.Select(split.Principal),
                .. without,
                split.Fit("line alone", HelixBases.Helix(values, [], hasLine: true)),
                new HelixFit("helix of shuffled numbers, on the mean", helix.Rank, shuffled.Average(fit => fit.R2), shuffled.Average(fit => fit.HeldOutR2)),
            ],
            Parts =
            [
                .. periods.Zip(without, (period, rest) => new HelixPart(string.Create(CultureInfo.InvariantCulture, $"period {period}"), helix.HeldOutR2 - rest.HeldOutR2)),
                new HelixPart("line", helix.HeldOutR2 - circles.HeldOutR2),
            ],
            NullMean = shuffled.Average(fit => fit.HeldOutR2),
            NullQuantile95 = SeparabilityIndex.Quantile([.. shuffled.Select(fit => fit.HeldOutR2).Order()], 0.95),
            Warnings = values.Length < FewNumbers ? [$"{values.Length} numbers are few for a basis of rank {helix.Rank}: read the held-out shares"] : [],
        };
    }

    private static HelixFit[] Shuffled(HelixSplit split, double[] numbers, HelixOptions options, CancellationToken cancellation)
    {
        var random = SplitMix64.ForStream(options.Seed, "helix null");
        var fits = new HelixFit[options.NullDraws];
        for (var draw = 0; draw < fits.Length; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            var order = random.Permutation(numbers.Length);
            fits[draw] = split.Fit("", HelixBases.Helix([.. order.Select(place => numbers[place])], options.Periods, hasLine: true));
        }

        return fits;
    }
}
