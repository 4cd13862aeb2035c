namespace Interp.Workbench.Workspace;

/// <summary>What a run will be about, known before it starts.</summary>
public sealed record RunRequest
{
    /// <summary>The analysis's catalogue name ("capacity").</summary>
    public required string Analysis { get; init; }

    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>What it works on.</summary>
    public RunSources Sources { get; init; } = new();

    /// <summary>Every option by property name, as text in the invariant culture.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>The device's name ("cpu").</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The run id of the whole line that this run is a stage of, or null.</summary>
    public string? Line { get; init; }

    /// <summary>A fixed id, which replaces an earlier run of that id; null for a new id made of the time and the analysis.</summary>
    public string? Id { get; init; }

    /// <summary>A digest of everything the result depends on, so that a stage is not done twice; null where nothing resumes.</summary>
    public string? Key { get; init; }

    /// <summary>For a run that can be resumed, the name under which its saved state is kept when it is stopped; else null.</summary>
    public string? ResumeName { get; init; }
}
