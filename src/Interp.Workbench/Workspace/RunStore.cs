using System.Globalization;
using Interp.Compute;

namespace Interp.Workbench.Workspace;

/// <summary>
/// A folder of run folders. Runs are written under <c>.writing</c> and renamed when whole, so what is listed is always
/// whole; what a dead process left there is swept when a store is opened. Of runs that can be resumed, the state that they
/// saved is kept under <c>.stopped</c>.
/// </summary>
/// <remarks>A writer holds its run's lock file open; the system frees the lock when the process ends, however it ends.</remarks>
public sealed class RunStore
{
    private const string Writing = ".writing";
    private const string Stopped = ".stopped";
    private const string LockEnd = ".lock";
    private const int MaxTries = 1000;
    private readonly TimeProvider _time;

    private RunStore(string folder, TimeProvider time)
    {
        Folder = folder;
        _time = time;
    }

    /// <summary>The folder that holds the run folders.</summary>
    public string Folder { get; }

    /// <summary>The ids of the runs, in the order of time.</summary>
    public IReadOnlyList<string> Ids =>
        [.. Directory.EnumerateDirectories(Folder).Select(path => Path.GetFileName(path)).Where(IsId).Order(StringComparer.Ordinal)];

    private string WritingFolder => Path.Combine(Folder, Writing);

    /// <summary>Opens a store, making its folder if needed, and sweeps what dead writers left.</summary>
    /// <exception cref="InterpException">The folder cannot be made or written.</exception>
    public static RunStore Open(string folder) => Open(folder, TimeProvider.System);

    internal static RunStore Open(string folder, TimeProvider time)
    {
        var full = Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InterpException($"the folder {full} cannot be made: {e.Message.ReplaceLineEndings(" ")}; choose another folder", e);
        }

        var store = new RunStore(full, time);
        store.Sweep();
        return store;
    }

    /// <summary>Reads a run.</summary>
    /// <exception cref="InterpException">There is no such run.</exception>
    public RunRecord OpenRun(string id) => RunRecord.Open(FolderOf(id));

    /// <summary>Whether there is a run with an id.</summary>
    public bool Contains(string id) => IsId(id) && Directory.Exists(Path.Combine(Folder, id));

    /// <summary>Deletes a run and all its files.</summary>
    /// <exception cref="InterpException">There is no such run.</exception>
    public void DeleteRun(string id)
    {
        var folder = FolderOf(id);
        Directory.CreateDirectory(WritingFolder);
        Remove(folder, Path.Combine(WritingFolder, $"{id}.deleted-{Guid.NewGuid():N}"));
        RemoveWritingFolderIfEmpty();
    }

    /// <summary>Starts writing a run; nothing of it is listed before <see cref="RunWriter.Commit"/>.</summary>
    /// <exception cref="InterpException">The folder cannot be written, or another process is writing the run with the asked id.</exception>
    public RunWriter BeginRun(RunRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var started = _time.GetUtcNow();
        try
        {
            using var gate = StoreGate.Enter(Folder);
            var (id, held) = request.Id is { } asked ? ReserveFixed(asked) : ReserveNew(request.Analysis, started);
            return new RunWriter(this, request, id, held, started, _time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InterpException($"no run can be written in {Folder}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Whether a name can be a run's: one path segment, not hidden, without characters that some file system refuses.</summary>
    internal static bool IsId(string? name) =>
        name is { Length: > 0 and <= 200 } && name[0] is not ('.' or ' ') && name[^1] is not ('.' or ' ')
        && name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ' ' or '+' or ',' or '=' or '@');

    /// <summary>The folder in which the run with an id is written.</summary>
    internal string TemporaryFolder(string id) => Path.Combine(WritingFolder, id);

    /// <summary>Renames a written run to its place; an earlier run of the same id is replaced.</summary>
    internal string Publish(string id)
    {
        var target = Path.Combine(Folder, id);
        if (Directory.Exists(target))
        {
            Remove(target, Path.Combine(WritingFolder, $"{id}.deleted-{Guid.NewGuid():N}"));
        }

        Directory.Move(TemporaryFolder(id), target);
        return target;
    }

    /// <summary>The folder in which the state of a stopped run is kept.</summary>
    internal string StoppedFolder(string resumeName) => Path.Combine(Folder, Stopped, resumeName);

    /// <summary>Deletes the state of a stopped run.</summary>
    internal void DeleteStopped(string resumeName)
    {
        DeleteFolder(StoppedFolder(resumeName));
        RemoveIfEmpty(Path.Combine(Folder, Stopped));
    }

    /// <summary>Frees an id after its run was published or given up.</summary>
    internal void Release(string id, FileStream held)
    {
        using var gate = StoreGate.Enter(Folder);
        GiveUp(id);
        held.Dispose();
        RemoveWritingFolderIfEmpty();
    }

    private static void Remove(string folder, string aside)
    {
        // Out of the list at once, whatever happens to the files afterwards.
        Directory.Move(folder, aside);
        DeleteFolder(aside);
    }

    private static void DeleteFolder(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already, or being deleted by another process.
        }
    }

    private string FolderOf(string id) =>
        Contains(id) ? Path.Combine(Folder, id) : throw new InterpException($"there is no run {id} in {Folder}: list the runs to see which there are");

    // Freed by the system when the process ends; removed when it is closed in order.
    private FileStream Lock(string id, FileMode mode) =>
        new(Path.Combine(WritingFolder, id + LockEnd), mode, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);

    private (string Id, FileStream Held) ReserveFixed(string id)
    {
        if (!IsId(id))
        {
            throw new ArgumentException($"{id} is no name of a run", nameof(id));
        }

        Sweep();
        return TryReserve(id) is { } held
            ? (id, held)
            : throw new InterpException($"another process is writing the run {id} in {Folder}: wait for it, or choose another folder");
    }

    private (string Id, FileStream Held) ReserveNew(string analysis, DateTimeOffset time)
    {
        var stem = $"{time.UtcDateTime.ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture)}-{analysis}";
        for (var number = 1; number <= MaxTries; number++)
        {
            var id = number == 1 ? stem : $"{stem}-{number}";
            if (TryReserve(id) is not { } held)
            {
                continue;
            }

            // Looked for under the lock: another writer may have finished a run of this name a moment ago.
            if (!Directory.Exists(Path.Combine(Folder, id)))
            {
                return (id, held);
            }

            Release(id, held);
        }

        throw new InterpException($"no free name for a run in {Folder}: delete old runs, or see whether the disk is full");
    }

    // The lock of an id, or null when another writer has it.
    private FileStream? TryReserve(string id)
    {
        var folder = TemporaryFolder(id);
        for (var left = MaxTries; ; left--)
        {
            FileStream held;
            try
            {
                Directory.CreateDirectory(WritingFolder);
            }
            catch (IOException) when (left > 0)
            {
                // The last writer of another process removed the folder between the looks: make it again.
                continue;
            }

            try
            {
                held = Lock(id, FileMode.CreateNew);
            }
            catch (DirectoryNotFoundException) when (left > 0)
            {
                continue;
            }
            catch (IOException)
            {
                return null;
            }

            try
            {
                DeleteFolder(folder);
                Directory.CreateDirectory(Path.Combine(folder, RunFiles.Data));
                return held;
            }
            catch (IOException) when (left > 0)
            {
                // Another process still sweeps the folder of an earlier writer of this name.
                held.Dispose();
            }
        }
    }

    private void Sweep()
    {
        using var gate = StoreGate.Enter(Folder);
        if (!Directory.Exists(WritingFolder))
        {
            return;
        }

        var names = Directory.EnumerateFileSystemEntries(WritingFolder)
            .Select(path => Path.GetFileName(path))
            .Select(name => name.EndsWith(LockEnd, StringComparison.Ordinal) ? name[..^LockEnd.Length] : name);
        foreach (var id in names.Distinct().ToList())
        {
            try
            {
                using var held = Lock(id, FileMode.OpenOrCreate);
                GiveUp(id);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its writer lives, or another process sweeps it.
            }
        }

        RemoveWritingFolderIfEmpty();
    }

    // Nothing of a run that was given up stays, but the state that a later run can go on from.
    private void GiveUp(string id)
    {
        var folder = TemporaryFolder(id);
        var mark = Path.Combine(folder, RunFiles.ResumeMark);
        var data = Path.Combine(folder, RunFiles.Data);
        if (File.Exists(mark) && File.ReadAllText(mark) is { Length: > 0 } name && Directory.EnumerateFileSystemEntries(data).Any())
        {
            var kept = StoppedFolder(name);
            DeleteFolder(kept);
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            Directory.Move(data, kept);
        }

        DeleteFolder(folder);
    }

    private void RemoveWritingFolderIfEmpty() => RemoveIfEmpty(WritingFolder);

    private static void RemoveIfEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Not empty, or already gone.
        }
    }
}
