using System.Globalization;
using Interp.Workbench.Figures;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Reports;

/// <summary>How the runs of a report were made: sources, seed, device, versions, times.</summary>
public static class ProvenanceTable
{
    internal static void Write(TextWriter writer, IReadOnlyList<RunRecord> runs)
    {
        writer.Write("<section id=\"provenance\" aria-labelledby=\"provenance-heading\"><h2 id=\"provenance-heading\">How it was made</h2>\n");
        foreach (var run in runs)
        {
            writer.Write($"<h3>{Html.Text(run.Manifest.Title)}</h3>\n");
            Html.BeginTable(writer, "Item", "Value");
            foreach (var (name, value) in Lines(run.Manifest))
            {
                Html.TextRow(writer, name, Html.Text(value));
            }

            Html.EndTable(writer);
        }

        writer.Write("</section>\n");
    }

    /// <summary>What one run was made with; what is not known is left out.</summary>
    public static IReadOnlyList<(string Name, string Value)> Lines(RunManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        (string Name, string? Value)[] lines =
        [
            ("run", manifest.Id),
            ("analysis", manifest.Analysis),
            ("model", manifest.Sources.Model),
            ("tensor", manifest.Sources.Tensor),
            ("text", manifest.Sources.TextFile),
            ("activations", manifest.Sources.Activations),
            ("dictionary", manifest.Sources.Dictionary),
            ("seed", manifest.Seed?.ToString(CultureInfo.InvariantCulture)),
            ("device", manifest.Device),
            ("started", string.Create(CultureInfo.InvariantCulture, $"{manifest.StartedUtc.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")),
            ("took", NumberText.Duration(TimeSpan.FromSeconds(manifest.ElapsedSeconds))),
            ("versions", manifest.Versions is { } v ? $"Interp {v.Interp}, TorchSharp {v.TorchSharp}, libtorch {v.LibTorch}, .NET {v.DotNet}, {v.Platform}" : null),
            ("digest of its inputs", manifest.Key),
        ];
        return [.. from line in lines where !string.IsNullOrEmpty(line.Value) select (line.Name, line.Value!)];
    }
}
