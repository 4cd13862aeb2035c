using Interp.Analysis.Circles.Planes;
using Interp.Compute;
using Interp.Compute.LinearAlgebra;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Homology;

/// <summary>Finds the loops of a point cloud by persistent homology of its Vietoris–Rips complexes.</summary>
public static class HomologyAnalysis
{
    /// <summary>Regular polygons of so few corners have death/birth below 2.</summary>
    private const int Uncertifiable = 6;

    private const double LeastRatio = 2;
    private const double LeastLead = 2;

    /// <summary>The catalogue's line.</summary>
    public static AnalysisEntry Entry { get; } = AnalysisEntry.Create<Tensor, HomologyOptions, HomologyResult>(
        "circles-homology",
        "Loops of a point cloud",
        "Persistent first homology of a point cloud: its loops as bars, the longest beside that of a regular polygon, and each point's place along it.",
        SourceKinds.Tensor,
        (sources, _) => TensorReference.Read(sources.Tensor ?? throw new InterpException("circles homology needs a point cloud: name a tensor [n, d] as FILE:TENSOR")),
        Run,
        HomologyFigures.Draw);

    /// <summary>Finds the loops.</summary>
    /// <param name="points">The rows <c>[n, d]</c>; stay the caller's.</param>
    /// <param name="options">Labels and landmarks.</param>
    /// <param name="progress">Receives the stages.</param>
    /// <param name="cancellation">Stops between edges.</param>
    /// <exception cref="InterpException">The rows are no matrix, hold a number that is not finite, or do not fit the labels.</exception>
    public static HomologyResult Run(Tensor points, HomologyOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(options);
        var all = Points(points, options);
        var (chosen, radius) = Landmarks.Choose(all, options.Landmarks, cancellation);
        double[][] kept = [.. chosen.Select(row => all[row])];
        progress?.Report(new StepProgress("loops", 0, 2, "stages"));
        var filtration = new RipsFiltration(kept);
        var bars = new RipsCohomology(filtration, 2, cancellation).Bars;
        progress?.Report(new StepProgress("coordinates", 1, 2, "stages"));
        var longest = bars.Count > 0 ? bars[0].Bar : null;
        var coordinates = longest is null ? null : CircularCoordinates.Of(filtration, longest, cancellation);
        var lead = bars.Count > 1 ? bars[0].Bar.Length / bars[1].Bar.Length : (double?)null;
        var (x, y) = Shown(kept);
        progress?.Report(new StepProgress("coordinates", 2, 2, "stages"));
        return new HomologyResult
        {
            Rows = (int)points.shape[0],
            Dimension = (int)points.shape[1],
            Points = kept.Length,
            AreLandmarks = radius > 0 && kept.Length < all.Length,
            CoveringRadius = radius,
            Bars = [.. bars.Take(options.Listed).Select(bar => bar.Bar)],
            BarCount = bars.Count,
            Longest = longest,
            Polygon = Polygon(kept),
            LongestRatio = longest?.Ratio,
            LongestOverSecond = lead,
            IsCircle = kept.Length > Uncertifiable && longest is not null && longest.Ratio >= LeastRatio && lead is null or >= LeastLead,
            PointRows = chosen,
            CircularCoordinates = coordinates ?? [],
            Fit = coordinates is null || options.Modulus < 3
                ? null
                : FrequencyReader.Read(Array.ConvertAll(coordinates, Math.Cos), Array.ConvertAll(coordinates, Math.Sin), chosen, options.Modulus),
            ShownX = x,
            ShownY = y,
            Warnings = [.. Warnings(kept.Length, all.Length, longest, coordinates)],
        };
    }

    private static double[][] Points(Tensor points, HomologyOptions options)
    {
        var (p, rows) = (options.Modulus, points.dim() == 2 ? points.shape[0] : 0);
        var isLabelled = p == 0 || (options.Pairs ? rows == (long)p * p : rows >= p);
        if (points.dim() != 2 || rows < 1 || points.shape[1] < 1 || !isLabelled)
        {
            throw new ShapeMismatchException("the point cloud", p == 0 ? "[n, d]" : options.Pairs ? $"[{p}² = {p * p}, d]" : $"[n ≥ {p}, d]", points.shape);
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var values = points.detach().to(ScalarType.Float64).cpu();
        if (!values.isfinite().all().item<bool>())
        {
            throw new InterpException("the point cloud holds numbers that are not finite: drop or mend those rows first");
        }

        if (p > 0)
        {
            var row = arange(rows);
            var label = options.Pairs ? (row.floor_divide(p) + row.remainder(p)).remainder(p) : row.remainder(p);
            var isOf = label.unsqueeze(0).eq(arange(p).unsqueeze(1)).to(ScalarType.Float64);
            values = isOf.matmul(values) / isOf.sum(1, keepdim: true);
        }

        if (options.Components > 0 && values.shape[0] >= 2)
        {
            values = PrincipalComponents.Fit(values, (int)Math.Min(options.Components, Math.Min(values.shape[0], values.shape[1]))).Scores(values);
        }

        var matrix = values.ToMatrix();
        return [.. Enumerable.Range(0, matrix.GetLength(0)).Select(row => Enumerable.Range(0, matrix.GetLength(1)).Select(axis => matrix[row, axis]).ToArray())];
    }

    /// <summary>The one bar of the regular n-gon: [2 sin(π/n), 2 sin(π⌈n/3⌉/n)] times its radius; none below four corners.</summary>
    private static PersistenceBar? Polygon(double[][] points)
    {
        var n = points.Length;
        if (n < 4)
        {
            return null;
        }

        double[] mean = [.. Enumerable.Range(0, points[0].Length).Select(axis => points.Average(point => point[axis]))];
        var radius = Math.Sqrt(points.Average(point => Landmarks.SquaredDistance(point, mean)));
        return new PersistenceBar(radius * 2 * Math.Sin(Math.PI / n), radius * 2 * Math.Sin(Math.PI * ((n + 2) / 3) / n));
    }

    private static (double[] X, double[] Y) Shown(double[][] points)
    {
        if (points.Length < 2 || points[0].Length < 2)
        {
            return ([.. points.Select(point => point[0])], new double[points.Length]);
        }

        var matrix = new double[points.Length, points[0].Length];
        for (var row = 0; row < points.Length; row++)
        {
            for (var axis = 0; axis < points[row].Length; axis++)
            {
                matrix[row, axis] = points[row][axis];
            }
        }

        var scores = PrincipalComponents.Fit(matrix, 2).Scores(matrix);
        return (scores.Column(0), scores.Column(1));
    }

    private static IEnumerable<string> Warnings(int points, int all, PersistenceBar? longest, double[]? coordinates)
    {
        if (points < 4)
        {
            yield return $"{points} different points have no loop: at least 4 are needed";
        }
        else if (points <= Uncertifiable)
        {
            yield return $"{points} points cannot certify a circle: even a regular polygon of so few has death/birth below 2";
        }

        if (points < all)
        {
            yield return $"loops smaller than the distances between the {points} points taken of {all} are not seen";
        }

        if (longest is not null && coordinates is null)
        {
            yield return "the longest loop has no circular coordinates: its cocycle has no whole-number lift";
        }
    }
}
