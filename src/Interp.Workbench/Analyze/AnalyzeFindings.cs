namespace Interp.Workbench.Analyze;

/// <summary>What the whole line found, in short; null or empty for what was not looked for.</summary>
public sealed record AnalyzeFindings
{
    /// <summary>ε and the class of the token embedding.</summary>
    public CapacityFinding? Capacity { get; init; }
}
