using System.Text.Json;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>Times of the same work by plain torch operations, as <c>baselines.py</c> wrote them in the same run.</summary>
internal sealed class Baselines
{
    private readonly Dictionary<string, double> _milliseconds;

    private Baselines(Dictionary<string, double> milliseconds) => _milliseconds = milliseconds;

    /// <summary>The time in milliseconds; NaN where it was not taken.</summary>
    public double this[string name] => _milliseconds.GetValueOrDefault(name, double.NaN);

    /// <summary>Reads the file; null where there is none.</summary>
    public static Baselines? Read(string? path) =>
        path is not null && File.Exists(path) ? new Baselines(JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(path)) ?? []) : null;
}
