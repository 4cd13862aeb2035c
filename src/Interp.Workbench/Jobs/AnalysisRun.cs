using Interp.Analysis;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Workbench.Analyze;
using Interp.Workbench.Workspace;
using TorchSharp;

namespace Interp.Workbench.Jobs;

/// <summary>Runs one analysis of the catalogue into a run folder: the one way by which the app, the command line and the whole line do it.</summary>
public static class AnalysisRun
{
    // The option by which an analysis that saves its state while it works is told to go on from it.
    private const string Resume = "Resume";

    /// <summary>Runs an analysis and writes its run; after a failure or a cancellation nothing of it is left but the state that it can be resumed from, where the analysis saves one.</summary>
    /// <param name="store">Where the run goes.</param>
    /// <param name="entry">The analysis.</param>
    /// <param name="sources">What it works on; its output folder is replaced by the run's own.</param>
    /// <param name="options">An instance of the analysis's options record.</param>
    /// <param name="request">The run's name and what the manifest says of its sources; analysis, title and options are filled in.</param>
    /// <param name="progress">Receives every step.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="InterpException">The sources or the options do not fit.</exception>
    public static RunRecord Execute(
        RunStore store,
        AnalysisEntry entry,
        AnalysisSources sources,
        object options,
        RunRequest request,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellation.ThrowIfCancellationRequested();
        var values = OptionsSchema.Values(options);
        using var writer = store.BeginRun(request with
        {
            Analysis = entry.Name,
            Title = entry.Title,
            Options = values,
            ResumeName = values.ContainsKey(Resume) ? ResumeName(entry, request, values) : null,
        });
        if (values.GetValueOrDefault(Resume) == "true")
        {
            writer.RestoreStopped();
        }

        // Whatever an analysis forgets to free on this thread ends with the run.
        using var scope = torch.NewDisposeScope();
        writer.Log($"{entry.Name} began");
        using (var outcome = entry.Run(sources with { OutputFolder = writer.OutputFolder }, options, new StageLog(writer, progress), cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            writer.Write(outcome);
        }

        writer.Log($"{entry.Name} finished");
        cancellation.ThrowIfCancellationRequested();
        return writer.Commit();
    }

    // A run goes on from a state of the same settings only: by its key or its place where it has one, else by all that it was asked.
    private static string ResumeName(AnalysisEntry entry, RunRequest request, IReadOnlyDictionary<string, string> values) =>
        request.Key ?? request.Id
        ?? $"{entry.Name}-{StageKeys.Digest([request.Sources.ToString(), .. values.Where(value => value.Key != Resume).Select(value => $"{value.Key}={value.Value}")])}";

    /// <summary>Logs every new stage and passes all steps on, on the thread that reports.</summary>
    private sealed class StageLog(RunWriter writer, IProgress<StepProgress>? progress) : IProgress<StepProgress>
    {
        private string? _stage;

        public void Report(StepProgress value)
        {
            if (Interlocked.Exchange(ref _stage, value.Stage) != value.Stage)
            {
                writer.Log(value.Total > 0 ? $"{value.Stage}: {value.Total} {value.Unit}" : value.Stage);
            }

            progress?.Report(value);
        }
    }
}
