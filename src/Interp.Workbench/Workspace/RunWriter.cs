using System.Globalization;
using System.Text;
using System.Text.Json;
using Interp.Analysis;
using Interp.Models.Checkpoints;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Workspace;

/// <summary>
/// Writes one run under a temporary name. <see cref="Commit"/> makes it appear whole; without it, <see cref="Dispose"/>
/// leaves nothing behind. For one thread at a time, but for <see cref="Log"/>.
/// </summary>
public sealed class RunWriter : IDisposable
{
    private readonly RunStore _store;
    private readonly RunRequest _request;
    private readonly DateTimeOffset _started;
    private readonly TimeProvider _time;
    private readonly long _startedTicks;
    private readonly StreamWriter _log;
    private readonly Lock _logGate = new();
    private FileStream? _held;

    internal RunWriter(RunStore store, RunRequest request, string id, FileStream held, DateTimeOffset started, TimeProvider time)
    {
        _store = store;
        _request = request;
        _held = held;
        _started = started;
        _time = time;
        _startedTicks = time.GetTimestamp();
        Id = id;
        Folder = store.TemporaryFolder(id);
        if (request.ResumeName is { } name)
        {
            File.WriteAllText(Path.Combine(Folder, RunFiles.ResumeMark), name);
        }

        _log = new StreamWriter(Path.Combine(Folder, RunFiles.Log)) { AutoFlush = true, NewLine = "\n" };
    }

    /// <summary>The run's id.</summary>
    public string Id { get; }

    /// <summary>The temporary folder.</summary>
    public string Folder { get; }

    /// <summary>An empty folder for what is too big for the result record; removed when it stays empty.</summary>
    public string OutputFolder => Path.Combine(Folder, RunFiles.Data);

    /// <summary>For a whole line, the ids of its stages' runs, to be written with the manifest.</summary>
    public IReadOnlyList<string> Runs { get; set; } = [];

    /// <summary>Puts the state of a stopped run of the same <see cref="RunRequest.ResumeName"/> into the output folder, where there is one.</summary>
    public void RestoreStopped()
    {
        if (_request.ResumeName is { } name && Directory.Exists(_store.StoppedFolder(name)))
        {
            Directory.Delete(OutputFolder);
            Directory.Move(_store.StoppedFolder(name), OutputFolder);
        }
    }

    /// <summary>Adds a line to the log, with the time. From any thread.</summary>
    public void Log(string line)
    {
        lock (_logGate)
        {
            _log.WriteLine($"{_time.GetUtcNow().UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {line}");
        }
    }

    /// <summary>Writes an outcome's result, figures and tensors; the outcome stays the caller's.</summary>
    public void Write(AnalysisOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        WriteResult(outcome.Result);
        WriteFigures(outcome.Figures);
        if (outcome.Tensors.Count > 0)
        {
            SafetensorsWriter.Write(Path.Combine(Folder, RunFiles.Tensors), outcome.Tensors);
        }
    }

    /// <summary>Writes <c>result.json</c>.</summary>
    /// <param name="result">A record of plain data; the same record gives the same bytes.</param>
    public void WriteResult(object result) =>
        WriteFile(RunFiles.Result, stream => JsonSerializer.Serialize(stream, result, result.GetType(), ResultJson.Options));

    /// <summary>Writes <c>figures.json</c>.</summary>
    public void WriteFigures(IReadOnlyList<Figure> figures) =>
        WriteFile(RunFiles.Figures, stream => FigureSerializer.Write(stream, [.. figures.Select(FigureSerializer.Serialize)]));

    /// <summary>Writes the manifest and renames the folder to its place: from now on the run is there, whole.</summary>
    public RunRecord Commit()
    {
        ObjectDisposedException.ThrowIf(_held is null, this);
        lock (_logGate)
        {
            _log.Dispose();
        }

        if (!Directory.EnumerateFileSystemEntries(OutputFolder).Any())
        {
            Directory.Delete(OutputFolder);
        }

        if (_request.ResumeName is { } name)
        {
            // A finished run needs no state to go on from, neither its own nor an older one's.
            File.Delete(Path.Combine(Folder, RunFiles.ResumeMark));
            _store.DeleteStopped(name);
        }

        WriteFile(RunFiles.Manifest, stream => JsonSerializer.Serialize(stream, Manifest(), ResultJson.Options));
        var folder = _store.Publish(Id);
        Dispose();
        return RunRecord.Open(folder);
    }

    /// <summary>Gives the run up if it was not committed: its files are deleted.</summary>
    public void Dispose()
    {
        _log.Dispose();
        if (_held is { } held)
        {
            _held = null;
            _store.Release(Id, held);
        }
    }

    private RunManifest Manifest() => new()
    {
        Id = Id,
        Analysis = _request.Analysis,
        Title = _request.Title,
        Sources = _request.Sources,
        Options = _request.Options,
        Seed = _request.Options.TryGetValue("Seed", out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var seed) ? seed : null,
        Device = _request.Device,
        Versions = RunVersions.Current,
        StartedUtc = _started,
        ElapsedSeconds = _time.GetElapsedTime(_startedTicks).TotalSeconds,
        Line = _request.Line,
        Key = _request.Key,
        Runs = Runs,
    };

    private void WriteFile(string name, Action<Stream> write)
    {
        using var stream = new FileStream(Path.Combine(Folder, name), FileMode.Create, FileAccess.Write, FileShare.None);
        write(stream);

        // On the disk before the rename makes the run visible.
        stream.Flush(flushToDisk: true);
    }
}
