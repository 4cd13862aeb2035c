using System.Globalization;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>Planes of circles in words, one finding a cloud of points.</summary>
internal static class PlanesFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        var planes = result.List("planes").Select(item => new ResultReader(item)).ToList();
        foreach (var cloud in planes.GroupBy(plane => plane.Text("cloud") ?? "the cloud"))
        {
            var circles = cloud.Where(plane => plane.Flag("isCircle") == true).ToList();
            if (circles.Count > 0)
            {
                yield return Circles(result, cloud.Key, circles, cloud.Count());
            }
        }

        if (planes.Count > 0 && planes.TrueForAll(plane => plane.Flag("isCircle") != true))
        {
            yield return new Finding($"None of {planes.Count} planes is a circle by all three tests: separability, mixture, and the order of the labels around it.", "");
        }
    }

    private static Finding Circles(ResultReader result, string cloud, List<ResultReader> circles, int looked)
    {
        var frequencies = circles.Select(plane => new ResultReader(plane["fit"] ?? default).Number("frequency")).OfType<double>().Distinct().Order().ToList();
        var text = $"{cloud}: {circles.Count} of {looked} planes {(circles.Count == 1 ? "is a circle" : "are circles")}, {(frequencies.Count == 1 ? "of frequency" : "of frequencies")} {Words.List(frequencies.Select(number => NumberText.Of(number)))}. "
            + $"Separability {Range(circles, "separabilityBits")} bits, mixture {Range(circles, "mixture")}.";
        return new Finding(
            text,
            $"The same points with shuffled coordinates reach {Range(circles, "nullQuantile95Bits")} bits (95th percentile). A circle has at least {NumberText.Of(result.Number("minimumSeparability"))} bits, "
            + $"a mixture of at most {NumberText.Of(result.Number("maximumMixture"))}, and its labels in order. With few points the index is biased upwards, so compare it with the shuffled one. A circle here does not show that the model uses it.");
    }

    private static string Range(List<ResultReader> planes, string key)
    {
        var values = planes.Select(plane => plane.Number(key)).OfType<double>().Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)).ToList();
        return values.Count == 0 ? NumberText.Missing : values.Min(StringComparer.Ordinal) == values.Max(StringComparer.Ordinal) ? values[0] : $"{values.Min(StringComparer.Ordinal)} to {values.Max(StringComparer.Ordinal)}";
    }
}
