using System.Text;
using Interp.Analysis;
using Interp.Compute.Options;
using Interp.Workbench.Analyze;

namespace Interp.Workbench.Jobs;

/// <summary>Writes a request as the command line that asks for the same.</summary>
internal static class CommandLineText
{
    public static string Of(JobRequest request)
    {
        var line = new StringBuilder("interp ").Append(AnalysisVerb.Of(request.Analysis));
        var given = Given(request);
        var positional = given.FindIndex(source => AnalysisVerb.Positional(SourcesOf(request)).HasFlag(source.Kind));
        if (positional >= 0)
        {
            line.Append(' ').Append(Quote(given[positional].Value));
            given.RemoveAt(positional);
        }

        foreach (var (kind, value) in given)
        {
            Add(line, AnalysisVerb.Flag(kind), value);
        }

        foreach (var (key, value) in Flags(request))
        {
            Add(line, key, value);
        }

        Add(line, "--device", request.Device == "auto" ? null : request.Device);
        Add(line, "--dtype", request.Dtype);
        return line.ToString();
    }

    // What the catalogue says, or, for a name that it does not know, all that is given.
    private static SourceKinds SourcesOf(JobRequest request) => request.Analysis == JobRequest.WholeLine
        ? SourceKinds.Model | SourceKinds.Text
        : AnalysisCatalogue.All.FirstOrDefault(entry => entry.Name == request.Analysis)?.Sources
            ?? Given(request).Aggregate(SourceKinds.None, (all, source) => all | source.Kind);

    private static List<(SourceKinds Kind, string Value)> Given(JobRequest request)
    {
        (SourceKinds Kind, string? Value)[] sources =
        [
            (SourceKinds.Model, request.Model),
            (SourceKinds.Tensor, request.Tensor),
            (SourceKinds.Dictionary, request.Dictionary),
            (SourceKinds.Activations, request.Activations),
            (SourceKinds.Text, request.TextFile),
        ];
        return [.. from source in sources where source.Value is not null select (source.Kind, source.Value)];
    }

    // In the order of the options record, under the flags' own names, without values that are the defaults anyway.
    private static IEnumerable<(string Flag, string Value)> Flags(JobRequest request)
    {
        var type = request.Analysis == JobRequest.WholeLine
            ? typeof(AnalyzeOptions)
            : AnalysisCatalogue.All.FirstOrDefault(entry => entry.Name == request.Analysis)?.OptionsType;
        if (type is null)
        {
            return request.Options.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => (option.Key, option.Value));
        }

        return from option in OptionsSchema.Describe(type)
               let value = request.Options.GetValueOrDefault(option.Name) ?? request.Options.GetValueOrDefault(option.Flag)
               where value is not null && value != option.Default
               select (option.Flag, value);
    }

    private static void Add(StringBuilder line, string flag, string? value)
    {
        if (value is not null)
        {
            line.Append(' ').Append(flag).Append(' ').Append(Quote(value));
        }
    }

    private static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or ',' or '=' or '+' or '@')
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
