using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Interp.Analysis;
using Interp.Cli.Frame;
using Interp.Compute.Options;
using Interp.Workbench.Analyze;
using Interp.Workbench.Workspace;

namespace Interp.Cli.Verbs;

/// <summary><c>interp analyze</c>: the whole line on one model, and one report.</summary>
internal sealed class AnalyzeVerb : Verb
{
    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly OptionFlags _flags = new(typeof(AnalyzeOptions));
    private readonly Option<string?> _out = new("--out")
    {
        Description = "Write the runs and report.html to this folder instead of the workspace; what an earlier call finished there is kept.",
        HelpName = "DIR",
    };

    /// <summary>Makes the verb.</summary>
    public AnalyzeVerb() : base("analyze", "Run the whole line on a model: capture, atoms, circles, capacity, entanglement, one report.")
    {
        Add(_model);
        Option[] options = [_out, .. _flags.Options, CommonOptions.Device, CommonOptions.Dtype];
        foreach (var option in options)
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        var options = (AnalyzeOptions)OptionsSchema.Create(typeof(AnalyzeOptions), _flags.Values(context.Parsed));
        using var model = context.LoadModel(context.Get(_model));
        AnalyzeResult result;
        if (context.Get(_out) is { } folder)
        {
            result = AnalyzeLine.Run(folder, model, options, context.Progress, context.Cancellation);
        }
        else
        {
            using var workspace = context.OpenWorkspace();
            result = AnalyzeLine.Run(workspace, model, options, context.Progress, context.Cancellation);
        }

        context.Print(result, Write);
    }

    private static void Write(TextWriter output, AnalyzeResult result)
    {
        foreach (var run in result.Runs)
        {
            output.WriteLine($"{run.Analysis}: {run.Folder}{(run.IsReused ? " (finished earlier)" : "")}");
        }

        output.WriteLine();
        if (RunText.WriteFindings(output, result.Runs.Select(run => RunRecord.Open(run.Folder))))
        {
            output.WriteLine();
        }

        ResultText.Write(output, JsonSerializer.SerializeToElement(result.Findings, ResultJson.Options));
        output.WriteLine($"report: {result.Report}");
        output.WriteLine($"took {result.ElapsedSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
    }
}
