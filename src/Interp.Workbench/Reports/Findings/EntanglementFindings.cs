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

        var valleys = profiles.Where(profile => profile.Depth is not null).ToList();
        text += valleys.Count > 0 ? $" The valley there is {NumberText.Of(valleys.Average(profile => profile.Depth!.Value))} nats deep{(valleys.Count > 1 ? " on the mean" : "")}." : "";

        // At the cut between rows and columns the spectrum says it all; elsewhere the order of rows and columns can.
        var structured = profiles.Where(profile => profile.Departure is not null).MaxBy(profile => Math.Abs(profile.Departure!.Entropy - profile.Departure.Surrogate));
        var control = structured?.Departure is not { } departure
            ? ""
            : $"With its own spectrum but random singular vectors, {structured.Name} would have {NumberText.Of(departure.Surrogate)} nats at cut {departure.Cut} instead of {NumberText.Of(departure.Entropy)}, the largest such difference: the order of its rows and columns carries that much. ";
        yield return new Finding(text, control + "A valley in the middle of a profile means a low effective rank; any matrix with a decaying spectrum has one.");
    }

    /// <summary>A profile at its cut between rows and columns.</summary>
    private sealed record Boundary(string Name, double Entropy, double? Gaussian, double? Depth, Departure? Departure)
    {
        public static Boundary? Of(JsonElement element)
        {
            var profile = new ResultReader(element);
            return profile.Number("boundary") is { } bond && At(profile, "entropies", bond) is { } entropy
                ? new Boundary(profile.Text("name") ?? "the matrix", entropy, At(profile, "nullGaussian", bond), profile.Number("depth"), Departure.Largest(profile))
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

    /// <summary>The cut, counted from 1, at which a profile lies farthest from that of random singular vectors with its spectrum.</summary>
    private sealed record Departure(int Cut, double Entropy, double Surrogate)
    {
        public static Departure? Largest(ResultReader profile) => profile.Numbers("entropies")
            .Zip(profile.Numbers("surrogates", "mean"), (entropy, surrogate) => (Entropy: entropy, Surrogate: surrogate))
            .Select((pair, i) => new Departure(i + 1, pair.Entropy, pair.Surrogate))
            .MaxBy(departure => Math.Abs(departure.Entropy - departure.Surrogate));
    }
}
