using System.Text.RegularExpressions;
using Plotly.Blazor;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;
using LineStyle = Plotly.Blazor.Traces.ScatterLib.Line;

namespace Interp.Analysis.Entanglement.Internal;

/// <summary>The figures of an internal entanglement run.</summary>
public static partial class EntanglementInternalFigures
{
    private const int MostKinds = 12;
    private const int MostLines = 40;

    /// <summary>Draws the profiles of each kind of matrix with their nulls, all of them as a heat map, and the boundary against the null.</summary>
    public static IReadOnlyList<Figure> Draw(EntanglementInternalResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Profiles.Count == 0)
        {
            return [];
        }

        var isSeries = result.Profiles.Any(profile => profile.Step is not null);
        var figures = result.Profiles.GroupBy(profile => isSeries ? Matrix(profile) : Kind(profile.Name)).Take(MostKinds).Select(kind => Profiles(kind.Key, [.. kind])).ToList();
        if (isSeries)
        {
            figures.Insert(0, OverTraining(result.Profiles));
        }

        figures.Add(Map(result.Profiles));
        figures.Add(Difference(result.Profiles));
        return figures;
    }

    private static Figure Profiles(string kind, IReadOnlyList<EntanglementProfile> profiles)
    {
        var first = profiles[0];
        var title = $"Entropy profile of {kind}";
        var traces = new List<ITrace>();
        foreach (var profile in profiles.Take(MostLines))
        {
            traces.Add(Curve(profiles.Count == 1 ? "measured" : profile.Name, profile.LogDimensions, profile.Entropies, null));
        }

        if (first.Surrogates is { } band)
        {
            traces.Add(Curve("same spectrum, random vectors: smallest draw", first.LogDimensions, band.Low, "dot"));
            traces.Add(Curve("same spectrum, random vectors: largest draw", first.LogDimensions, band.High, "dot"));
        }

        traces.Add(Curve("full-rank null", first.LogDimensions, first.NullGaussian, "dash"));
        if (first.NullLowRank is { } lowRank)
        {
            traces.Add(Curve($"null of rank {first.Rank}", first.LogDimensions, lowRank, "dashdot"));
        }

        if (first.BoundaryEntropy is not null)
        {
            var boundary = first.LogDimensions[first.Boundary - 1];
            traces.Add(Curve("row | column boundary", [boundary, boundary], [0, first.NullGaussian.Max()], "longdash"));
        }

        return new Figure(
            $"profile-{Slug(kind)}",
            title,
            $"Entanglement entropy of each cut of the chain of sites, in nats, for [{first.Rows}, {first.Columns}]. Dashed: random matrices; dotted: random matrices with the first matrix's singular values. A dip at the boundary means a low effective rank.",
            traces,
            FigureLayout.Linear(title, "ln of the dimension left of the cut", "entropy S (nats)"));
    }

    private static Figure OverTraining(IReadOnlyList<EntanglementProfile> profiles)
    {
        const string Title = "Entropy over training steps";
        var matrices = profiles.Where(profile => profile.BoundaryEntropy is not null).GroupBy(Matrix).Take(MostKinds).ToArray();
        return new Figure(
            "over-training",
            Title,
            "The entropy at the boundary of rows and columns (lines with markers) and the larger of the humps beside it (dotted) of what training had changed after each step, in nats. The gap between the two is the valley.",
            [
                .. matrices.Select(matrix => Curve(matrix.Key, matrix.Select(profile => (double)profile.Step!), matrix.Select(profile => profile.BoundaryEntropy!.Value), null)),
                .. matrices.Select(matrix => Curve(
                    $"{matrix.Key}: hump", matrix.Select(profile => (double)profile.Step!), matrix.Select(profile => Math.Max(profile.RowHump?.Entropy ?? 0, profile.ColumnHump?.Entropy ?? 0)), "dot")),
            ],
            FigureLayout.Linear(Title, "step", "entropy S (nats)"));
    }

    private static string Matrix(EntanglementProfile profile) => profile.Name[(profile.Name.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0)..];

    private static Figure Map(IReadOnlyList<EntanglementProfile> profiles)
    {
        const string Title = "Entropy over its largest value, by matrix and cut";
        return new Figure(
            "profile-map",
            Title,
            "Each row is a matrix, each column a cut counted from its row sites; the colour is the entropy over the largest that the cut allows, 0 to 1.",
            [HeatMap(profiles, Normalised, "S / S max")],
            FigureLayout.Named(Title, "cut ℓ (sites left of it)", "matrix"));
    }

    private static Figure Difference(IReadOnlyList<EntanglementProfile> profiles)
    {
        const string Title = "Rényi-2 entropy less that of random singular vectors";
        return new Figure(
            "null-difference",
            Title,
            "The measured Rényi-2 entropy less that of a matrix with the same singular values and random singular vectors, in nats. Negative values mean that the singular vectors are structured along the index: head blocks, outlier channels.",
            [HeatMap(profiles, profile => profile.NullSpectrum is null ? [] : [.. profile.Renyi2.Zip(profile.NullSpectrum, (measured, expected) => measured - expected)], "S₂ − null (nats)")],
            FigureLayout.Named(Title, "cut ℓ (sites left of it)", "matrix"));
    }

    private static HeatMap HeatMap(IReadOnlyList<EntanglementProfile> profiles, Func<EntanglementProfile, double[]> row, string name)
    {
        var cuts = profiles.Max(profile => profile.Entropies.Length);
        return new HeatMap
        {
            Name = name,
            X = [.. Enumerable.Range(1, cuts).Select(cut => (object)cut)],
            Y = [.. profiles.Select(profile => (object)profile.Name)],
            Z = [.. profiles.Select(profile => (object)Padded(row(profile), cuts))],
        };
    }

    private static double[] Padded(double[] values, int length) => [.. values, .. Enumerable.Repeat(double.NaN, length - values.Length)];

    private static double[] Normalised(EntanglementProfile profile)
    {
        var total = Math.Log(profile.Rows) + Math.Log(profile.Columns);
        return [.. profile.Entropies.Zip(profile.LogDimensions, (entropy, left) => entropy / Math.Min(left, total - left))];
    }

    /// <summary>A curve: with markers where it was measured, dashed where it is there to compare.</summary>
    internal static Scatter Curve(string name, IEnumerable<double> x, IEnumerable<double> y, string? dash) => new()
    {
        Name = name,
        Mode = dash is null ? ModeFlag.Lines | ModeFlag.Markers : ModeFlag.Lines,
        Line = dash is null ? null : new LineStyle { Dash = dash },
        X = [.. x.Select(value => (object)value)],
        Y = [.. y.Select(value => (object)value)],
    };

    private static string Kind(string name) => Digits().Replace(name, ".*.");

    private static string Slug(string kind) => NotNameLike().Replace(kind, "-").Trim('-').ToLowerInvariant();

    [GeneratedRegex(@"\.\d+\.")]
    private static partial Regex Digits();

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotNameLike();
}
