namespace Interp.Workbench.Workspace;

/// <summary>One line of the list of runs.</summary>
/// <param name="Id">The run's id.</param>
/// <param name="Analysis">The analysis's catalogue name, or "analyze".</param>
/// <param name="Title">The heading.</param>
/// <param name="Model">The model's name, or null.</param>
/// <param name="StartedUtc">When it started.</param>
/// <param name="ElapsedSeconds">How long it took.</param>
/// <param name="Line">The run id of the whole line that it is a stage of, or null.</param>
/// <param name="Problem">Why its manifest cannot be read, or null.</param>
public sealed record RunSummary(
    string Id, string Analysis, string Title, string? Model, DateTimeOffset StartedUtc, double ElapsedSeconds, string? Line, string? Problem);
