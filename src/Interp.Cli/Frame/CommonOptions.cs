using System.CommandLine;

namespace Interp.Cli.Frame;

/// <summary>The options that verbs share.</summary>
internal static class CommonOptions
{
    /// <summary>Every verb: prints the result record and nothing else on standard output.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the result record as JSON, and nothing else, on standard output.",
        Recursive = true,
    };

    /// <summary>Every verb: a stack trace after the line of an error.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show the stack trace of an error.",
        Recursive = true,
    };

    /// <summary>Every verb: the workspace folder.</summary>
    public static Option<string?> Workspace { get; } = new("--workspace")
    {
        Description = "The workspace folder; else INTERP_WORKSPACE, else interp in the user's folder for local data.",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>Verbs that compute: the device.</summary>
    public static Option<string> Device { get; } = new("--device")
    {
        Description = "auto, cpu, cuda or cuda:N.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "auto",
    };

    /// <summary>Verbs that load a model: the element type of its weights.</summary>
    public static Option<string?> Dtype { get; } = new("--dtype")
    {
        Description = "Element type to compute in: float32, bfloat16, float16 or float64. [float32]",
        HelpName = "TYPE",
    };

    /// <summary>Verbs that write runs: where to.</summary>
    public static Option<string?> RunFolder { get; } = new("--out")
    {
        Description = "Write the run to this folder instead of the workspace.",
        HelpName = "DIR",
    };
}
