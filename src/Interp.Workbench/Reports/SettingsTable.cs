using Interp.Analysis;
using Interp.Compute.Options;
using Interp.Workbench.Analyze;
using Interp.Workbench.Figures;
using Interp.Workbench.Jobs;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Reports;

/// <summary>The settings of a run as a table, with the words of the analysis's options record.</summary>
public static class SettingsTable
{
    /// <summary>One setting: its name in words, its value with the unit, whether it is the default, and what it means.</summary>
    public readonly record struct Line(string Name, string Value, bool IsDefault, string Description);

    /// <summary>The settings of a run, in the order of the options record; as they are stored where the record is not known.</summary>
    public static IReadOnlyList<Line> Lines(RunManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (OptionsOf(manifest.Analysis) is not { } type)
        {
            return [.. manifest.Options.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => new Line(option.Key, Shown(option.Value, null), false, ""))];
        }

        return
        [
            .. from option in OptionsSchema.Describe(type)
               where manifest.Options.ContainsKey(option.Name)
               let value = manifest.Options[option.Name]
               select new Line(option.Label, Shown(value, option.Unit), value == option.Default, option.Description),
        ];
    }

    internal static void Write(TextWriter writer, RunManifest manifest)
    {
        var lines = Lines(manifest);
        if (lines.Count == 0)
        {
            writer.Write("<p class=\"muted\">This run has no settings.</p>\n");
            return;
        }

        Html.BeginTable(writer, "Setting", "Value", "Meaning");
        foreach (var line in lines)
        {
            Html.TextRow(writer, line.Name, Html.Text(line.Value) + (line.IsDefault ? " <span class=\"muted\">(default)</span>" : ""), Html.Text(line.Description));
        }

        Html.EndTable(writer);
    }

    private static Type? OptionsOf(string analysis) =>
        analysis == JobRequest.WholeLine ? typeof(AnalyzeOptions) : AnalysisCatalogue.All.FirstOrDefault(entry => entry.Name == analysis)?.OptionsType;

    private static string Shown(string value, string? unit) => value.Length == 0 ? NumberText.Missing : unit is null ? value : $"{value} {unit}";
}
