using Interp.Workbench.Jobs;
using Interp.Workbench.Workspace;

namespace Interp.Web.ViewModels;

/// <summary>Addresses of forms that are filled in: links that carry a whole request.</summary>
public static class FormAddress
{
    /// <summary>The form of a request that was made.</summary>
    public static string Of(JobRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Of(
            request.Analysis,
            [
                ("model", request.Model),
                ("tensor", request.Tensor),
                ("text", request.TextFile),
                ("activations", request.Activations),
                ("dictionary", request.Dictionary),
                ("device", request.Device == "auto" ? null : request.Device),
            ],
            request.Options);
    }

    /// <summary>The form that would make a run again.</summary>
    public static string Of(RunManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return Of(
            manifest.Analysis,
            [
                ("model", manifest.Sources.Model),
                ("tensor", manifest.Sources.Tensor),
                ("text", manifest.Sources.TextFile),
                ("activations", manifest.Sources.Activations),
                ("dictionary", manifest.Sources.Dictionary),
            ],
            manifest.Options);
    }

    private static string Of(string analysis, IEnumerable<(string Key, string? Value)> sources, IReadOnlyDictionary<string, string> options)
    {
        var pairs = sources.Where(source => !string.IsNullOrEmpty(source.Value))
            .Concat(options.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => (Key: option.Key, Value: (string?)option.Value)))
            .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value!)}");
        return $"/analyses/{Uri.EscapeDataString(analysis)}?{string.Join('&', pairs)}";
    }
}
