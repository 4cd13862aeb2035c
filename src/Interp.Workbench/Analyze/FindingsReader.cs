using System.Text.Json;
using Interp.Analysis;
using Interp.Analysis.Capacity;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Analyze;

/// <summary>Reads the line's findings out of its stages' results, whether they were run now or found finished.</summary>
internal sealed class FindingsReader(IReadOnlyDictionary<string, RunRecord> runs)
{
    /// <summary>The findings.</summary>
    public AnalyzeFindings Read() => new()
    {
        Capacity = Result<CapacityResult>("capacity") is { } capacity ? new CapacityFinding(capacity.Epsilon, capacity.EpsilonRandom, capacity.Class) : null,
    };

    private T? Result<T>(string analysis)
        where T : class =>
        runs.TryGetValue(analysis, out var run) ? run.Result.Deserialize<T>(ResultJson.Options) : null;
}
