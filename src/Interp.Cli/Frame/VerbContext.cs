using System.CommandLine;
using System.Text.Json;
using Interp.Analysis;
using Interp.Compute;
using Interp.Compute.Devices;
using Interp.Models;
using Interp.Workbench.Jobs;
using Interp.Workbench.Workspace;

namespace Interp.Cli.Frame;

/// <summary>What a verb has at hand: its parsed words, where to print, and when to stop.</summary>
/// <param name="Parsed">The parsed command line.</param>
/// <param name="Output">Standard output: results only.</param>
/// <param name="Progress">Shows progress on standard error.</param>
/// <param name="Log">Standard error, for remarks.</param>
/// <param name="Cancellation">Cancelled when the user stops the program.</param>
internal sealed record VerbContext(
    ParseResult Parsed, TextWriter Output, ProgressText Progress, Action<string> Log, CancellationToken Cancellation)
{
    /// <summary>Whether only the result record goes to standard output.</summary>
    public bool IsJson => Parsed.GetValue(CommonOptions.Json);

    /// <summary>The device asked for.</summary>
    public string Device => Parsed.GetValue(CommonOptions.Device) ?? "auto";

    /// <summary>The value of an option.</summary>
    public T? Get<T>(Option<T> option) => Parsed.GetValue(option);

    /// <summary>The value of an argument.</summary>
    public T Get<T>(Argument<T> argument) => Parsed.GetRequiredValue(argument);

    /// <summary>Opens the workspace that the command line, the environment or the user's folder names.</summary>
    public Workspace OpenWorkspace() => Workspace.Open(WorkspaceFolders.Choose(Parsed.GetValue(CommonOptions.Workspace)));

    /// <summary>Loads a model by its name or folder, on the device and in the element type asked for.</summary>
    /// <returns>The model, owned by the caller.</returns>
    /// <param name="nameOrFolder">A shipped model's name, a workspace model's name, or a folder.</param>
    /// <param name="adapter">The folder of a low-rank adapter to merge into the weights, or null.</param>
    public LanguageModel LoadModel(string nameOrFolder, string? adapter = null)
    {
        using var workspace = OpenWorkspace();
        return ModelOpening.Load(workspace.ResolveModel(nameOrFolder), Device, Parsed.GetValue(CommonOptions.Dtype), adapter, Progress, Cancellation);
    }

    /// <summary>Tells a remark, where there is one, on standard error.</summary>
    public void LogIfAny(string? remark)
    {
        if (remark is not null)
        {
            Log(remark);
        }
    }

    /// <summary>Refuses what a model's device has no memory for, before it is begun.</summary>
    /// <param name="model">The model.</param>
    /// <param name="plan">What is held at least.</param>
    public static void Plan(LanguageModel model, MemoryPlan plan) => plan.Require(model.Device, "shorten the input, ask for fewer hooks, or use --dtype bfloat16");

    /// <summary>Prints a record: as JSON, or in words.</summary>
    /// <param name="record">A record of plain data.</param>
    /// <param name="inWords">Prints it for people.</param>
    public void Print<T>(T record, Action<TextWriter, T> inWords)
    {
        // Long results reach the terminal before the verb ends; the bar must be gone by then.
        Progress.Clear();
        if (IsJson)
        {
            Output.WriteLine(JsonSerializer.Serialize(record, ResultJson.Options));
        }
        else
        {
            inWords(Output, record);
        }
    }
}
