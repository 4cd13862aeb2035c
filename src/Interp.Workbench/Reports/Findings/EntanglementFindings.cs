using System.Text.Json;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>Entanglement profiles in words.</summary>
internal static class EntanglementFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        var profiles = result.List("profiles").Select(Boundary.Of).OfType<Boundary>().ToList();
        if (profiles.Count == 0)
        {
            yield break;
        }

        var low = profiles.MinBy(profile => profile.Entropy)!;
        var high = profiles.MaxBy(profile => profile.Entropy)!;
        var text = profiles.Count == 1
            ? $"{low.Name}: {NumberText.Of(low.Entropy)} nats of entropy between its rows and its columns."
            : $"Of {profiles.Count} matrices, the entropy between rows and columns is lowest in {low.Name} ({NumberText.Of(low.Entropy)} nats) and highest in {high.Name} ({NumberText.Of(high.Entropy)} nats).";
        var below = profiles.Count(profile => profile.Entropy < profile.Gaussian);
        text += below > 0 ? $" {(profiles.Count == 1 ? "It lies" : $"{below} of them lie")} below a random full-rank matrix of the same shape." : "";

        var structured = profiles.Where(profile => profile.Spectrum is not null).MaxBy(profile => Math.Abs(profile.Entropy - profile.Spectrum!.Value));
        var control = structured is null
            ? ""
            : $"With its own spectrum but random singular vectors, {structured.Name} would have {NumberText.Of(structured.Spectrum)} nats instead of {NumberText.Of(structured.Entropy)}, the largest such difference; the others lie nearer to what their spectra alone give. ";
        yield return new Finding(text, control + "A valley in the middle of a profile means a low effective rank; any matrix with a decaying spectrum has one.");
    }

    /// <summary>A profile at its cut between rows and columns.</summary>
    private sealed record Boundary(string Name, double Entropy, double? Gaussian, double? Spectrum)
    {
        public static Boundary? Of(JsonElement element)
        {
            var profile = new ResultReader(element);
            return profile.Number("boundary") is { } bond && At(profile, "entropies", bond) is { } entropy
                ? new Boundary(profile.Text("name") ?? "the matrix", entropy, At(profile, "nullGaussian", bond), At(profile, "nullSpectrum", bond))
                : null;
        }

        // Bonds are counted from 1.
        private static double? At(ResultReader profile, string key, double bond)
        {
            var values = profile.List(key);
            var index = (int)bond - 1;
            return index >= 0 && index < values.Count && values[index].ValueKind == JsonValueKind.Number ? values[index].GetDouble() : null;
        }
    }
}
