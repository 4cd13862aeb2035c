namespace Interp.Workbench.Analyze;

/// <summary>What the whole line did and found. All but the time, the ids and the paths is the same for the same model and settings.</summary>
public sealed record AnalyzeResult
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>How long it took.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>The stages, in their order.</summary>
    public required IReadOnlyList<AnalyzedRun> Runs { get; init; }

    /// <summary>The report's path.</summary>
    public required string Report { get; init; }

    /// <summary>What was found, in short.</summary>
    public required AnalyzeFindings Findings { get; init; }
}
