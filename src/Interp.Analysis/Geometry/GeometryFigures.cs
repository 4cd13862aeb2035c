using Plotly.Blazor;
using static Interp.Analysis.FigureTraces;

namespace Interp.Analysis.Geometry;

/// <summary>The figures of a geometry run: one a measure, over layers and, where there are checkpoints, over training.</summary>
public static class GeometryFigures
{
    private const int ShownCheckpoints = 12;

    /// <summary>A longer title does not fit beside the axis.</summary>
    private const int LongestAxisTitle = 26;

    /// <summary>Draws every measure that is defined somewhere, the spectra, and the dimension's dependence on scale.</summary>
    public static IReadOnlyList<Figure> Draw(GeometryResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        List<Figure> figures = [];
        foreach (var (name, title, unit, of) in CloudMeasures.All)
        {
            if (result.Clouds.Any(cloud => of(cloud.Measures) is not null))
            {
                figures.Add(Measure(result, name, title, unit, of));
            }
        }

        figures.Add(Spectra(result));
        figures.Add(Scales(result));
        if (result.Clouds.Any(cloud => cloud.TwoNearestLogRatios.Count > 0))
        {
            figures.Add(Ratios(result));
            figures.Add(LocalDimensions(result));
        }

        if (result.Clouds.Any(cloud => cloud.DiffusionSweepBits.Count > 0))
        {
            figures.Add(Sweep(result));
        }

        if (result.Clouds.Any(cloud => cloud.DiffusionMutualInformationBits is not null))
        {
            figures.Add(Information(result));
        }

        if (result.Clouds.Count > 2)
        {
            figures.Add(Trajectory(result));
        }

        return figures;
    }

    private static Figure Measure(GeometryResult result, string name, string title, string unit, Func<CloudMeasures, double?> of)
    {
        var traces = new List<ITrace>();
        foreach (var group in result.Clouds.GroupBy(cloud => cloud.Step).TakeLast(ShownCheckpoints))
        {
            var clouds = group.ToArray();
            double[] places = [.. Enumerable.Range(0, clouds.Length).Select(place => (double)place)];
            double[] values = [.. clouds.Select(cloud => of(cloud.Measures) ?? double.NaN)];
            double[]? widths = clouds.All(cloud => cloud.HalfWidths is null || of(cloud.HalfWidths) is null) ? null : [.. clouds.Select(cloud => cloud.HalfWidths is { } half ? of(half) ?? 0 : 0)];
            var trace = Measured(group.Key is { } step ? $"step {step}" : "measured", places, values, widths);
            trace.TextArray = [.. clouds.Select(cloud => cloud.Name)];
            traces.Add(trace);
            if (clouds.Any(cloud => cloud.MatchedGaussian is { } gaussian && of(gaussian) is not null))
            {
                traces.Add(Line("Gaussian of the same covariance", places, clouds.Select(cloud => cloud.MatchedGaussian is { } gaussian ? of(gaussian) ?? double.NaN : double.NaN)));
            }

            if (group.Key == result.Clouds[^1].Step && clouds.Any(cloud => cloud.IsotropicGaussian is { } isotropic && of(isotropic) is not null))
            {
                traces.Add(Line("Gaussian, all directions alike", places, clouds.Select(cloud => cloud.IsotropicGaussian is { } isotropic ? of(isotropic) ?? double.NaN : double.NaN)));
            }
        }

        return new Figure(
            name,
            title,
            $"{title} of each cloud, in the order of the layers, with 95 % intervals by resampling where they were taken. The points name their hooks.",
            traces,
            FigureLayout.Linear(title, "cloud (order of the layers)", title.Length > LongestAxisTitle ? unit : $"{title.ToLowerInvariant()} ({unit})"));
    }

    private static Figure Spectra(GeometryResult result)
    {
        const string Title = "Eigenvalues of the covariance";
        return new Figure(
            "spectra",
            Title,
            "The variances along the principal axes of each cloud, on logarithmic axes.",
            [.. Shown(result).Where(cloud => cloud.Spectrum.Count > 0).Select(cloud => Line(NameOf(cloud), Enumerable.Range(1, cloud.Spectrum.Count).Select(place => (double)place), cloud.Spectrum))],
            FigureLayout.LogLog(Title, "axis (rank)", "variance (squared activation units)"));
    }

    private static Figure Scales(GeometryResult result)
    {
        const string Title = "Maximum-likelihood dimension by neighbours";
        return new Figure(
            "dimension-by-neighbours",
            Title,
            "The maximum-likelihood dimension against the number of neighbours it looks at. A plateau is a dimension; a trend is noise or curvature.",
            [.. Shown(result).Where(cloud => cloud.LikelihoodByNeighbours.Count > 0).Select(cloud => Measured(
                NameOf(cloud), [.. cloud.LikelihoodByNeighbours.Select(point => (double)point.Scale)], [.. cloud.LikelihoodByNeighbours.Select(point => point.Dimension)]))],
            FigureLayout.LogX(Title, "neighbours k", "dimension (dimensions)"));
    }

    private static Figure Ratios(GeometryResult result)
    {
        const string Title = "Ratios of neighbour distances";
        return new Figure(
            "two-nearest-ratios",
            Title,
            "−ln of the share of rows whose ratio of second to first neighbour distance is larger, against ln of that ratio. The slope of a line through the origin is the TwoNN dimension; a bend says that the rows have no single one.",
            [.. Shown(result).Where(cloud => cloud.TwoNearestLogRatios.Count > 0).Select(cloud => Points(NameOf(cloud), cloud.TwoNearestLogRatios, cloud.TwoNearestLogTails))],
            FigureLayout.Linear(Title, "ln (second / first distance)", "−ln (share with a larger ratio)"));
    }

    private static Figure LocalDimensions(GeometryResult result)
    {
        const string Title = "Local dimensions";
        return new Figure(
            "local-dimensions",
            Title,
            "How many rows have which local dimension by the method of moments, in equal steps of its logarithm. A cloud of one dimension has one narrow peak.",
            [.. Shown(result).Where(cloud => cloud.LocalDimensionCounts.Count > 0).Select(cloud =>
            {
                var width = (cloud.LocalDimensionRange[1] - cloud.LocalDimensionRange[0]) / cloud.LocalDimensionCounts.Count;
                return Line(NameOf(cloud), cloud.LocalDimensionCounts.Select((_, bin) => Math.Exp(cloud.LocalDimensionRange[0] + ((bin + 0.5) * width))), cloud.LocalDimensionCounts.Select(count => (double)count));
            })],
            FigureLayout.LogX(Title, "local dimension (dimensions)", "rows"));
    }

    private static Figure Sweep(GeometryResult result)
    {
        const string Title = "Diffusion entropy by kernel width";
        double[] factors = [0.25, 0.5, 1, 2, 4];
        return new Figure(
            "diffusion-sweep",
            Title,
            "The diffusion spectral entropy at several multiples of the kernel width used. Far below typical distances it is log2 of the rows whatever the data, far above 0.",
            [.. Shown(result).Where(cloud => cloud.DiffusionSweepBits.Count > 0).Select(cloud => Measured(NameOf(cloud), factors, cloud.DiffusionSweepBits))],
            FigureLayout.LogX(Title, "multiple of the kernel width", "entropy (bits)"));
    }

    private static Figure Information(GeometryResult result)
    {
        const string Title = "Diffusion mutual information with the labels";
        var clouds = result.Clouds.Where(cloud => cloud.DiffusionMutualInformationBits is not null).ToArray();
        double[] places = [.. Enumerable.Range(0, clouds.Length).Select(place => (double)place)];
        var measured = Measured("labels", places, [.. clouds.Select(cloud => cloud.DiffusionMutualInformationBits!.Value)]);
        measured.TextArray = [.. clouds.Select(NameOf)];
        return new Figure(
            "diffusion-information",
            Title,
            "How much smaller the diffusion entropy is within classes of equal labels than within random subsets of the same sizes, beside permuted labels (mean with two deviations). Small negative values are sampling noise.",
            [measured, Measured("permuted labels", places, [.. clouds.Select(cloud => cloud.MutualInformationNullBits ?? double.NaN)], [.. clouds.Select(cloud => 2 * (cloud.MutualInformationNullDeviation ?? 0))])],
            FigureLayout.Linear(Title, "cloud (order of the layers)", "mutual information (bits)"));
    }

    private static Figure Trajectory(GeometryResult result)
    {
        const string Title = "Dimension against anisotropy";
        var clouds = result.Clouds.Where(cloud => cloud.Measures is { SpectralAnisotropy: not null, TwoNearest: not null }).ToArray();
        var trace = Measured("clouds", [.. clouds.Select(cloud => cloud.Measures.SpectralAnisotropy!.Value)], [.. clouds.Select(cloud => cloud.Measures.TwoNearest!.Value)]);
        trace.TextArray = [.. clouds.Select(NameOf)];
        return new Figure(
            "dimension-against-anisotropy",
            Title,
            "The TwoNN dimension against spectral anisotropy, along the layers.",
            [trace],
            FigureLayout.Linear(Title, "spectral anisotropy (share of the variance)", "TwoNN dimension (dimensions)"));
    }

    private static IEnumerable<CloudGeometry> Shown(GeometryResult result) => result.Clouds.TakeLast(64);

    private static string NameOf(CloudGeometry cloud) => cloud.Step is { } step ? $"{cloud.Name}, step {step}" : cloud.Name;
}
