using System.Text.Json;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>Entanglement profiles in words.</summary>
internal static class EntanglementFindings
{
    private const int Most = 4;

    public static IEnumerable<Finding> Of(ResultReader result)
    {
        var profiles = result.List("profiles");
        foreach (var profile in profiles.Take(Most).Select(item => new ResultReader(item)))
        {
            if (Describe(profile) is { } finding)
            {
                yield return finding;
            }
        }

        if (profiles.Count > Most)
        {
            yield return new Finding($"{profiles.Count - Most} more profiles are in the numbers below.", "");
        }
    }

    private static Finding? Describe(ResultReader profile)
    {
        if (profile.Number("boundary") is not { } boundary || At(profile, "entropies", boundary) is not { } entropy)
        {
            return null;
        }

        var text = $"{profile.Text("name") ?? "The matrix"} ({NumberText.Of(profile.Number("rows"))} × {NumberText.Of(profile.Number("columns"))}): "
            + $"{NumberText.Of(entropy)} nats of entropy between its rows and columns; the highest of its profile is {NumberText.Of(profile.Numbers("entropies").DefaultIfEmpty(double.NaN).Max())} nats.";
        var controls = new List<string>();
        foreach (var (key, words) in ((string, string)[])[("nullGaussian", "a random full-rank matrix"), ("nullLowRank", "a random matrix of its rank"), ("nullSpectrum", "random singular vectors with its spectrum")])
        {
            if (At(profile, key, boundary) is { } value)
            {
                controls.Add($"{NumberText.Of(value)} for {words}");
            }
        }

        return new Finding(
            text,
            (controls.Count > 0 ? $"Expected there by chance, in nats: {string.Join(", ", controls)}. " : "")
            + "A valley between two humps means a low effective rank; any matrix with a decaying spectrum has one.");
    }

    // Profiles may list a value a bond, bonds counted from 1, or a single number.
    private static double? At(ResultReader profile, string key, double bond)
    {
        if (profile.Number(key) is { } single)
        {
            return single;
        }

        var values = profile.List(key);
        var index = (int)bond - 1;
        return index >= 0 && index < values.Count && values[index].ValueKind == JsonValueKind.Number ? values[index].GetDouble() : null;
    }
}
