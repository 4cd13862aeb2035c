namespace Interp.Workbench.Analyze;

/// <summary>One stage of the whole line, as it was run or found finished.</summary>
/// <param name="Analysis">The analysis's catalogue name.</param>
/// <param name="Id">The run's id.</param>
/// <param name="Folder">The run's folder.</param>
/// <param name="IsReused">Whether an earlier run with the same inputs and settings stands for it.</param>
public sealed record AnalyzedRun(string Analysis, string Id, string Folder, bool IsReused);
