using Interp.Analysis;
using Interp.Analysis.Atoms.Evaluation;
using Interp.Analysis.Atoms.Training;
using Interp.Compute;
using Interp.Compute.Devices;
using Interp.Compute.Options;
using Interp.Workbench.Analyze;
using Interp.Workbench.Workspace;
using TorchSharp;

namespace Interp.Workbench.Jobs;

/// <summary>
/// Does what a request for one analysis asks: finds the sources, runs the analysis, writes the run. For one thread at a time.
/// </summary>
public sealed class RequestRunner : IDisposable
{
    private readonly Workspace.Workspace _workspace;
    private readonly IReadOnlyList<AnalysisEntry> _entries;
    private readonly ModelCache _models = new();

    /// <summary>A runner over a workspace, which stays the caller's.</summary>
    public RequestRunner(Workspace.Workspace workspace) : this(workspace, AnalysisCatalogue.All)
    {
    }

    internal RequestRunner(Workspace.Workspace workspace, IReadOnlyList<AnalysisEntry> entries)
    {
        _workspace = workspace;
        _entries = entries;
    }

    /// <summary>The heading of a request.</summary>
    /// <exception cref="InterpException">There is no such analysis.</exception>
    public string TitleOf(JobRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var subject = request.Dictionary ?? request.Model ?? request.Tensor ?? request.Activations ?? request.TextFile;
        var title = request.Analysis == JobRequest.WholeLine ? "The whole line" : Find(request.Analysis).Title;
        return subject is null ? title : $"{title}: {Path.GetFileName(Path.TrimEndingDirectorySeparator(subject))}";
    }

    /// <summary>What the user should know of the device before a request runs, in one line; null where it computes on the device asked for.</summary>
    /// <exception cref="InterpException">There is no such analysis or device.</exception>
    public string? DeviceRemark(JobRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Remark(Find(request.Analysis), request, ComputeDevice.Parse(request.Device));
    }

    internal static string? Remark(AnalysisEntry entry, JobRequest request, torch.Device asked) => DeviceOf(entry, request, asked).type == asked.type
        ? null
        : $"{entry.Name} computes on the CPU and leaves {asked} alone: only models, and dictionaries that are trained or evaluated, run there";

    /// <summary>Runs a request to its end; after a failure or a cancellation nothing of its run is left.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="target">Where the run goes; null for the workspace.</param>
    /// <param name="progress">Receives every step.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="InterpException">The request does not fit the analysis, or its sources are missing or damaged.</exception>
    public RunRecord Run(JobRequest request, RunTarget? target = null, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var entry = Find(request.Analysis);
        var options = OptionsSchema.Create(entry.OptionsType, request.Options);
        var device = DeviceOf(entry, request, ComputeDevice.Parse(request.Device));
        var folder = request.Model is null ? null : _workspace.ResolveModel(request.Model);
        var sources = new AnalysisSources
        {
            Model = folder is null ? null : _models.Get(folder, request.Device, request.Dtype, progress, cancellation),
            Tensor = request.Tensor,
            TextFile = ExistingFile(request.TextFile),
            Activations = DataFolder(request.Activations, "activations"),
            Dictionary = DataFolder(request.Dictionary, "dictionary"),
            Device = device,
            OutputFolder = "",
        };
        var described = new RunRequest
        {
            Analysis = entry.Name,
            Title = TitleOf(request),
            Device = device.ToString(),
            Id = target?.Id,
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
        return AnalysisRun.Execute(target?.Store ?? _workspace.Store, entry, sources, options, described, progress, cancellation);
    }

    /// <summary>Runs the whole line into the workspace; after a failure or a cancellation its finished stages are kept.</summary>
    /// <param name="request">The model, the text and the options.</param>
    /// <param name="progress">Receives every step.</param>
    /// <param name="cancellation">Stops the line.</param>
    /// <exception cref="InterpException">No model is named, or it, the text and the options do not fit.</exception>
    public AnalyzeResult RunLine(JobRequest request, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var options = (AnalyzeOptions)OptionsSchema.Create(typeof(AnalyzeOptions), request.Options);
        var folder = _workspace.ResolveModel(request.Model ?? throw new InterpException("the whole line needs a model: name one"));
        var model = _models.Get(folder, request.Device, request.Dtype, progress, cancellation);
        return AnalyzeLine.Run(_workspace, model, options with { TextFile = request.TextFile ?? options.TextFile }, progress, cancellation);
    }

    /// <summary>Frees the model that is kept between requests.</summary>
    public void Dispose() => _models.Dispose();

    // Models run on the device asked for, and dictionaries are trained and evaluated there; what reads tensors and folders alone computes on the CPU.
    private static torch.Device DeviceOf(AnalysisEntry entry, JobRequest request, torch.Device asked) =>
        request.Model is not null || entry.OptionsType == typeof(AtomsOptions) || entry.OptionsType == typeof(AtomsEvalOptions) ? asked : torch.CPU;

    private AnalysisEntry Find(string name) =>
        _entries.FirstOrDefault(entry => entry.Name == name)
        ?? throw new InterpException($"there is no analysis {name}: choose one of {string.Join(", ", _entries.Select(entry => entry.Name))}");

    private static string? ExistingFile(string? path) =>
        path is null || File.Exists(path) ? path : throw new InterpException($"there is no text file {path}: name a UTF-8 text file");

    // A folder as it is, the data folder of a run folder, or that of the run with that id.
    private string? DataFolder(string? folderOrRun, string what)
    {
        if (folderOrRun is null)
        {
            return null;
        }

        if (Directory.Exists(folderOrRun))
        {
            return RunRecord.IsRunFolder(folderOrRun) ? DataOf(RunRecord.Open(folderOrRun), what) : folderOrRun;
        }

        return _workspace.Store.Contains(folderOrRun)
            ? DataOf(_workspace.OpenRun(folderOrRun), what)
            : throw new InterpException($"there is no {what} folder and no run {folderOrRun}: name a folder or the run that wrote it");
    }

    private static string DataOf(RunRecord run, string what) =>
        run.DataFolder ?? throw new InterpException($"the run {run.Manifest.Id} holds no {what}: name the run that wrote them");
}
