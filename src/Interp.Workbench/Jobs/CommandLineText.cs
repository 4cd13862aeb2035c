using System.Text;
using Interp.Analysis;
using Interp.Compute.Options;
using Interp.Workbench.Analyze;

namespace Interp.Workbench.Jobs;

/// <summary>Writes a request as the command line that asks for the same.</summary>
internal static class CommandLineText
{
    // Verbs that are not the analysis's name with a space for its first hyphen.
    private static readonly Dictionary<string, string> s_verbs = new(StringComparer.Ordinal)
    {
        ["atoms"] = "atoms train",
        ["entanglement-internal"] = "entanglement matrix",
    };

    public static string Of(JobRequest request)
    {
        var line = new StringBuilder("interp ").Append(Verb(request.Analysis));
        var positional = request.Model ?? request.Tensor ?? request.Dictionary;
        if (positional is not null)
        {
            line.Append(' ').Append(Quote(positional));
        }

        Add(line, "--tensor", ReferenceEquals(positional, request.Tensor) ? null : request.Tensor);
        Add(line, "--text-file", request.TextFile);
        Add(line, "--activations", request.Activations);
        Add(line, "--dictionary", ReferenceEquals(positional, request.Dictionary) ? null : request.Dictionary);
        foreach (var (key, value) in Flags(request))
        {
            Add(line, key, value);
        }

        Add(line, "--device", request.Device == "auto" ? null : request.Device);
        return line.ToString();
    }

    private static string Verb(string analysis)
    {
        if (s_verbs.TryGetValue(analysis, out var verb))
        {
            return verb;
        }

        var hyphen = analysis.IndexOf('-', StringComparison.Ordinal);
        return hyphen < 0 ? analysis : $"{analysis[..hyphen]} {analysis[(hyphen + 1)..]}";
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
