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
    private const int PolynomialDegree = 9;
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

    /// <summary>Fits the helix and the bases that it is compared with.</summary>
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

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var split = new HelixSplit(activations.detach().to(ScalarType.Float64).cpu(), options);
        var numbers = Enumerable.Range(options.First, (int)activations.shape[0]).Select(number => (double)number).ToArray();
        var helix = split.Fit("helix", Basis(numbers, options.Periods, hasLine: true));
        var fits = new List<HelixFit>
        {
            helix,
            split.Fit("circles without the line", Basis(numbers, options.Periods, hasLine: false)),
            split.Fit($"polynomial of degree {PolynomialDegree}", Polynomial(numbers)),
        };
        fits.AddRange(s_principal.Select(split.Principal));
        progress?.Report(new StepProgress("fits", 1, 2, "stages"));
        var parts = options.Periods.Distinct()
            .Select(period => new HelixPart(string.Create(CultureInfo.InvariantCulture, $"period {period}"), helix.HeldOutR2 - split.Fit("", Basis(numbers, [.. options.Periods.Where(other => other != period)], hasLine: true)).HeldOutR2))
            .Append(new HelixPart("line", helix.HeldOutR2 - fits[1].HeldOutR2))
            .ToArray();
        var random = SplitMix64.ForStream(options.Seed, "helix null");
        var shuffled = new double[options.NullDraws];
        for (var draw = 0; draw < shuffled.Length; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            var order = random.Permutation(numbers.Length);
            shuffled[draw] = split.Fit("", Basis([.. order.Select(place => numbers[place])], options.Periods, hasLine: true)).HeldOutR2;
        }

        progress?.Report(new StepProgress("fits", 2, 2, "stages"));
        return new HelixResult
        {
            Numbers = numbers.Length,
            Dimension = (int)activations.shape[1],
            HeldOutNumbers = split.HeldOut,
            Components = split.Components,
            Fits = [.. fits],
            Parts = parts,
            NullMean = shuffled.Average(),
            NullQuantile95 = SeparabilityIndex.Quantile([.. shuffled.Order()], 0.95),
            Warnings = numbers.Length < FewNumbers ? [$"{numbers.Length} numbers are few for a basis of rank {helix.Rank}: read the held-out shares"] : [],
        };
    }

    /// <summary>cos and sin of 2πa/T for every period, a over the largest number where there is a line, and one; without a sine of period 2, which is zero.</summary>
    internal static double[,] Basis(double[] numbers, IReadOnlyList<int> periods, bool hasLine)
    {
        var columns = new List<Func<double, double>>();
        foreach (var period in periods.Distinct())
        {
            columns.Add(number => Math.Cos(2 * Math.PI * number / period));
            if (period != 2)
            {
                columns.Add(number => Math.Sin(2 * Math.PI * number / period));
            }
        }

        if (hasLine)
        {
            var largest = Math.Max(1, numbers.Max(Math.Abs));
            columns.Add(number => number / largest);
        }

        columns.Add(_ => 1);
        return Matrix(numbers, columns);
    }

    /// <summary>Chebyshev polynomials over the numbers' range, which span what powers do.</summary>
    private static double[,] Polynomial(double[] numbers)
    {
        var (low, high) = (numbers.Min(), numbers.Max());
        return Matrix(numbers, [.. Enumerable.Range(0, PolynomialDegree + 1).Select(degree => (Func<double, double>)(number => Math.Cos(degree * Math.Acos(Math.Clamp((2 * (number - low) / (high - low)) - 1, -1, 1)))))]);
    }

    private static double[,] Matrix(double[] numbers, List<Func<double, double>> columns)
    {
        var matrix = new double[numbers.Length, columns.Count];
        for (var row = 0; row < numbers.Length; row++)
        {
            for (var column = 0; column < columns.Count; column++)
            {
                matrix[row, column] = columns[column](numbers[row]);
            }
        }

        return matrix;
    }
}
