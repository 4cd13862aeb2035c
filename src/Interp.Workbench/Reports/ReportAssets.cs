using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Interp.Workbench.Reports;

/// <summary>The scripts and the style that a report carries inside, and that the app serves.</summary>
public static class ReportAssets
{
    private const int FewPoints = 5000;
    private static readonly ConcurrentDictionary<string, string> s_texts = new(StringComparer.Ordinal);

    // What plotly's small build draws; anything else needs the whole of it.
    private static readonly HashSet<string> s_basicTypes = new(StringComparer.Ordinal) { "scatter", "bar", "pie" };

    /// <summary>The script that unpacks and draws figures; it needs plotly.js before it.</summary>
    public static string Figures => Read("reports/figures.js");

    internal static string Script => Read("reports/report.js");

    internal static string Style => Read("reports/report.css");

    /// <summary>All of plotly.js, about 5 MB.</summary>
    public static string Plotly => Read(NameOf("plotly/plotly-", "basic", isWanted: false));

    /// <summary>The build of plotly.js for bars, lines and scatter plots, about 1 MB.</summary>
    public static string PlotlyBasic => Read(NameOf("plotly/plotly-", "basic", isWanted: true));

    /// <summary>Whether <see cref="PlotlyBasic"/> draws a figure's traces.</summary>
    internal static bool IsBasic(JsonElement traces) =>
        traces.EnumerateArray().All(trace => !trace.TryGetProperty("type", out var type) || s_basicTypes.Contains(type.GetString() ?? "") || IsFew(trace, type));

    /// <summary>Whether a figure's traces need WebGL.</summary>
    internal static bool IsWebGl(JsonElement traces) =>
        traces.EnumerateArray().Any(trace => trace.TryGetProperty("type", out var type) && type.GetString()!.EndsWith("gl", StringComparison.Ordinal) && !IsFew(trace, type));

    // As figures.js does it: few points of a WebGL scatter plot are drawn without WebGL.
    private static bool IsFew(JsonElement trace, JsonElement type) =>
        type.ValueEquals("scattergl") && trace.EnumerateObject().All(property => property.Name is not ("x" or "y") || property.Value.GetArrayLength() <= FewPoints);

    /// <summary>The name of a script's text in a content security policy.</summary>
    internal static string PolicyHash(string script) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";

    private static string NameOf(string start, string part, bool isWanted) =>
        typeof(ReportAssets).Assembly.GetManifestResourceNames()
            .First(name => name.StartsWith(start, StringComparison.Ordinal) && name.Contains(part, StringComparison.Ordinal) == isWanted);

    private static string Read(string name) => s_texts.GetOrAdd(name, key =>
    {
        using var stream = typeof(ReportAssets).Assembly.GetManifestResourceStream(key)
            ?? throw new InvalidOperationException($"the assembly carries no resource {key}");
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // The policy's hash is of the text as the browser reads it, which knows no carriage returns.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    });
}
