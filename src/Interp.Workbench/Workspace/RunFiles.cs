namespace Interp.Workbench.Workspace;

/// <summary>The names of a run folder's parts.</summary>
internal static class RunFiles
{
    public const string Manifest = "run.json";
    public const string Result = "result.json";
    public const string Tensors = "tensors.safetensors";
    public const string Figures = "figures.json";
    public const string Log = "log.txt";
    public const string Report = "report.html";

    /// <summary>What is too big for the result record: shards, trained weights.</summary>
    public const string Data = "data";

    /// <summary>While a run is written: the name under which its saved state is kept if it is given up.</summary>
    public const string ResumeMark = "resume";
}
