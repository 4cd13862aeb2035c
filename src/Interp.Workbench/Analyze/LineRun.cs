using System.Diagnostics;
using Interp.Analysis;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Models;
using Interp.Workbench.Jobs;
using Interp.Workbench.Reports;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Analyze;

/// <summary>One run of the whole line: stage after stage, then the report.</summary>
internal sealed class LineRun(
    LineTarget target, LanguageModel model, AnalyzeOptions options, IReadOnlyList<LineStage> stages, IProgress<StepProgress>? progress, CancellationToken cancellation)
{
    private readonly Dictionary<string, RunRecord> _runs = [];
    private readonly List<AnalyzedRun> _stages = [];
    private string _modelKey = "";
    private string _textKey = "";

    public AnalyzeResult Run()
    {
        var started = Stopwatch.GetTimestamp();
        _modelKey = StageKeys.OfModel(model, cancellation);
        _textKey = options.TextFile is { } text ? StageKeys.OfFile(text, cancellation) : "";
        var keys = Keys();
        var found = stages.ToDictionary(stage => stage.Analysis, stage => target.Find(stage.Analysis, keys[stage.Analysis]));
        var lineKey = StageKeys.OfStage(JobRequest.WholeLine, null, keys.Values);
        var line = target.Find(JobRequest.WholeLine, lineKey);
        if (line is not null && File.Exists(target.ReportFoundAt(line)) && found.Values.All(run => run is not null))
        {
            foreach (var stage in stages)
            {
                Add(found[stage.Analysis]!, isReused: true);
            }

            return Result(target.ReportFoundAt(line), started);
        }

        using var writer = target.Store.BeginRun(LineRequest(lineKey, found.Values));
        RunStages(keys, found, writer);
        var findings = new FindingsReader(_runs).Read();
        writer.WriteResult(new { Model = model.Name, options.Seed, Findings = findings });
        writer.WriteFigures([]);
        cancellation.ThrowIfCancellationRequested();
        ReportWriter.Write(target.ReportWrittenTo(writer.Folder), $"{model.Name}: circles, atoms, capacity, entanglement", [.. stages.Select(stage => _runs[stage.Analysis])]);
        writer.Runs = [.. _stages.Select(stage => stage.Id)];
        return Result(target.ReportFoundAt(writer.Commit()), started);
    }

    private void RunStages(Dictionary<string, string> keys, Dictionary<string, RunRecord?> found, RunWriter line)
    {
        var (done, total) = (0.0, stages.Sum(stage => stage.Weight));
        foreach (var stage in stages)
        {
            cancellation.ThrowIfCancellationRequested();
            line.Log(found[stage.Analysis] is { } finished ? $"{stage.Analysis}: {finished.Manifest.Id} stands for it" : $"{stage.Analysis} began");
            Add(found[stage.Analysis] ?? Execute(stage, keys[stage.Analysis], line.Id, new LineProgress(progress, done / total, stage.Weight / total)), found[stage.Analysis] is not null);
            done += stage.Weight;
            progress?.Report(new StepProgress(stage.Analysis, 1, 1, "stages") { Whole = done / total });
        }
    }

    private RunRecord Execute(LineStage stage, string key, string lineId, LineProgress stageProgress)
    {
        var entry = AnalysisCatalogue.Find(stage.Analysis);
        var sources = new AnalysisSources
        {
            Model = Given(stage, SourceKinds.Model, model),
            TextFile = Given(stage, SourceKinds.Text, options.TextFile),
            Activations = Given(stage, SourceKinds.Activations, DataOf("capture")),
            Dictionary = Given(stage, SourceKinds.Dictionary, DataOf("atoms")),
            Device = model.Device,
            OutputFolder = "",
        };
        var request = new RunRequest
        {
            Analysis = entry.Name,
            Title = $"{entry.Title}: {model.Name}",
            Device = model.Device.ToString(),
            Id = target.IdFor(entry.Name),
            Line = lineId,
            Key = key,
            Sources = new RunSources
            {
                Model = model.Name,
                ModelFolder = model.Folder,
                TextFile = sources.TextFile,
                Activations = sources.Activations is null ? null : _runs["capture"].Manifest.Id,
                Dictionary = sources.Dictionary is null ? null : _runs["atoms"].Manifest.Id,
            },
        };
        return AnalysisRun.Execute(target.Store, entry, sources, stage.Options, request, stageProgress, cancellation);
    }

    private static T? Given<T>(LineStage stage, SourceKinds kind, T? value)
        where T : class =>
        stage.Sources.HasFlag(kind) ? value : null;

    private string? DataOf(string analysis) => _runs.TryGetValue(analysis, out var run) ? run.DataFolder : null;

    private Dictionary<string, string> Keys()
    {
        var keys = new Dictionary<string, string>();
        foreach (var stage in stages)
        {
            var inputs = new List<string>();
            (SourceKinds Kind, string? Key)[] kinds =
            [
                (SourceKinds.Model, _modelKey),
                (SourceKinds.Text, _textKey),
                (SourceKinds.Activations, keys.GetValueOrDefault("capture")),
                (SourceKinds.Dictionary, keys.GetValueOrDefault("atoms")),
            ];
            inputs.AddRange(from source in kinds where stage.Sources.HasFlag(source.Kind) select $"{source.Kind}={source.Key}");
            keys.Add(stage.Analysis, StageKeys.OfStage(stage.Analysis, stage.Options, inputs));
        }

        return keys;
    }

    private RunRequest LineRequest(string key, IEnumerable<RunRecord?> found)
    {
        // The stages of a line that was stopped half way belong to the line that now finishes it.
        var unfinished = found.OfType<RunRecord>().Select(run => run.Manifest.Line).FirstOrDefault(id => id is not null && !target.Store.Contains(id));
        return new RunRequest
        {
            Analysis = JobRequest.WholeLine,
            Title = $"The whole line: {model.Name}",
            Sources = new RunSources { Model = model.Name, ModelFolder = model.Folder, TextFile = options.TextFile },
            Options = OptionsSchema.Values(options),
            Device = model.Device.ToString(),
            Id = target.IdFor(JobRequest.WholeLine) ?? unfinished,
            Key = key,
        };
    }

    private void Add(RunRecord run, bool isReused)
    {
        _runs.Add(run.Manifest.Analysis, run);
        _stages.Add(new AnalyzedRun(run.Manifest.Analysis, run.Manifest.Id, run.Folder, isReused));
    }

    private AnalyzeResult Result(string report, long started) => new()
    {
        Model = model.Name,
        Seed = options.Seed,
        ElapsedSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
        Runs = _stages,
        Report = report,
        Findings = new FindingsReader(_runs).Read(),
    };
}
