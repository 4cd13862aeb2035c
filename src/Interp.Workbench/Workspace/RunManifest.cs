namespace Interp.Workbench.Workspace;

/// <summary><c>run.json</c>: what was asked, with what, and when. Everything that may differ between two runs of one seed is here, not in the result.</summary>
public sealed record RunManifest
{
    /// <summary>The layout of the run folder; 1 today.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The run's id, which is its folder's name.</summary>
    public required string Id { get; init; }

    /// <summary>The analysis's catalogue name, or "analyze" for a whole line.</summary>
    public required string Analysis { get; init; }

    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>What it worked on.</summary>
    public RunSources Sources { get; init; } = new();

    /// <summary>Every option by property name, as text in the invariant culture.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>The seed among the options, or null where nothing is random.</summary>
    public long? Seed { get; init; }

    /// <summary>The device that computed.</summary>
    public string Device { get; init; } = "";

    /// <summary>The versions of what computed, or null where they are unknown.</summary>
    public RunVersions? Versions { get; init; }

    /// <summary>When the run started.</summary>
    public DateTimeOffset StartedUtc { get; init; }

    /// <summary>How long it took.</summary>
    public double ElapsedSeconds { get; init; }

    /// <summary>The run id of the whole line that this run is a stage of, or null.</summary>
    public string? Line { get; init; }

    /// <summary>A digest of everything the result depends on, or null.</summary>
    public string? Key { get; init; }

    /// <summary>For a whole line, the ids of its stages' runs in their order; empty for other runs.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];
}
