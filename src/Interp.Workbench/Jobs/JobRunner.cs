using Interp.Analysis;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Jobs;

/// <summary>Does what a job asks, on the queue's thread: finds the sources, runs the analysis, writes the run.</summary>
internal sealed class JobRunner(Workspace.Workspace workspace, IReadOnlyList<AnalysisEntry> entries) : IDisposable
{
    /// <summary>The heading of a request.</summary>
    /// <exception cref="InterpException">There is no such analysis.</exception>
    public string TitleOf(JobRequest request)
    {
        var subject = request.Model ?? request.Tensor ?? request.Dictionary ?? request.Activations ?? request.TextFile;
        return subject is null ? Find(request.Analysis).Title : $"{Find(request.Analysis).Title}: {Path.GetFileName(Path.TrimEndingDirectorySeparator(subject))}";
    }

    /// <summary>Works on a job to its end.</summary>
    public void Run(Job job)
    {
        var request = job.Request;
        var entry = Find(request.Analysis);
        var options = OptionsSchema.Create(entry.OptionsType, request.Options);
        var folder = request.Model is null ? null : workspace.ResolveModel(request.Model);
        var sources = new AnalysisSources
        {
            Tensor = request.Tensor,
            TextFile = ExistingFile(request.TextFile),
            Activations = DataFolder(request.Activations, "activations"),
            Dictionary = DataFolder(request.Dictionary, "dictionary"),
            OutputFolder = "",
        };
        var described = new RunRequest
        {
            Analysis = entry.Name,
            Title = job.Title,
            Device = request.Device,
            Sources = new RunSources
            {
                Model = folder is null ? null : Path.GetFileName(folder),
                ModelFolder = folder,
                Tensor = request.Tensor,
                TextFile = request.TextFile,
                Activations = request.Activations,
                Dictionary = request.Dictionary,
            },
        };
        var run = AnalysisRun.Execute(workspace.Store, entry, sources, options, described, new Reporter(job), job.Cancellation);
        job.AddRun(run.Manifest.Id);
    }

    /// <summary>Frees what is kept between jobs.</summary>
    public void Dispose()
    {
    }

    private AnalysisEntry Find(string name) =>
        entries.FirstOrDefault(entry => entry.Name == name)
        ?? throw new InterpException($"there is no analysis {name}: choose one of {string.Join(", ", entries.Select(entry => entry.Name))}");

    private static string? ExistingFile(string? path) =>
        path is null || File.Exists(path) ? path : throw new InterpException($"there is no text file {path}: name a UTF-8 text file");

    // A folder as it is, or the data folder of the run with that id.
    private string? DataFolder(string? folderOrRun, string what)
    {
        if (folderOrRun is null || Directory.Exists(folderOrRun))
        {
            return folderOrRun;
        }

        if (!workspace.Store.Contains(folderOrRun))
        {
            throw new InterpException($"there is no {what} folder and no run {folderOrRun}: name a folder or the run that wrote it");
        }

        return workspace.OpenRun(folderOrRun).DataFolder
            ?? throw new InterpException($"the run {folderOrRun} holds no {what}: name the run that wrote them");
    }

    private sealed class Reporter(Job job) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => job.Report(value);
    }
}
