using System.Globalization;
using Interp.Compute;

namespace Interp.Workbench.Workspace;

/// <summary>
/// A folder of run folders. Runs are written under <c>.writing</c> and renamed when whole, so what is listed is always
/// whole; what a dead process left there is swept when a store is opened.
/// </summary>
/// <remarks>A writer holds its run's lock file open; the system frees the lock when the process ends, however it ends.</remarks>
public sealed class RunStore
{
    private const string Writing = ".writing";
    private const int MaxTries = 10_000;
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
            if (request.Id is { } asked)
            {
                if (!IsId(asked))
                {
                    throw new ArgumentException($"{asked} is no name of a run", nameof(request));
                }

                Sweep();
                var held = TryReserve(asked)
                    ?? throw new InterpException($"another process is writing the run {asked} in {Folder}: wait for it, or choose another folder");
                return new RunWriter(this, request, asked, held, started, _time);
            }

            var stem = $"{started.UtcDateTime.ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture)}-{request.Analysis}";
            for (var number = 1; number < MaxTries; number++)
            {
                var id = number == 1 ? stem : $"{stem}-{number}";
                if (!Directory.Exists(Path.Combine(Folder, id)) && TryReserve(id) is { } reserved)
                {
                    return new RunWriter(this, request, id, reserved, started, _time);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InterpException($"no run can be written in {Folder}: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        throw new InterpException($"no free name for a run in {Folder}: delete old runs");
    }

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

    /// <summary>Frees an id after its run was published or given up.</summary>
    internal void Release(string id, FileStream held)
    {
        DeleteFolder(TemporaryFolder(id));
        File.Delete(LockPath(id));
        held.Dispose();
        RemoveWritingFolderIfEmpty();
    }

    private static bool IsId(string? name) =>
        name is { Length: > 0 and <= 200 } && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static void Remove(string folder, string aside)
    {
        // Out of the list at once, whatever happens to the files afterwards.
        Directory.Move(folder, aside);
        DeleteFolder(aside);
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string FolderOf(string id) =>
        Contains(id) ? Path.Combine(Folder, id) : throw new InterpException($"there is no run {id} in {Folder}: list the runs to see which there are");

    private string LockPath(string id) => Path.Combine(WritingFolder, $"{id}.lock");

    private FileStream? TryReserve(string id)
    {
        var folder = TemporaryFolder(id);
        for (var left = MaxTries; ; left--)
        {
            Directory.CreateDirectory(WritingFolder);
            try
            {
                var held = new FileStream(LockPath(id), FileMode.CreateNew, FileAccess.Write, FileShare.None);
                DeleteFolder(folder);
                Directory.CreateDirectory(Path.Combine(folder, RunFiles.Data));
                return held;
            }
            catch (IOException) when (File.Exists(LockPath(id)))
            {
                return null;
            }
            catch (DirectoryNotFoundException) when (left > 0)
            {
                // The last writer of another process just removed the folder: make it again.
            }
        }
    }

    private void Sweep()
    {
        if (!Directory.Exists(WritingFolder))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(WritingFolder, "*.lock"))
        {
            try
            {
                using var held = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None);
                DeleteFolder(path[..^".lock".Length]);
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its writer lives, or another process sweeps it.
            }
        }

        foreach (var path in Directory.EnumerateDirectories(WritingFolder, "*.deleted-*"))
        {
            try
            {
                DeleteFolder(path);
            }
            catch (IOException)
            {
                // Another process is deleting it.
            }
        }

        RemoveWritingFolderIfEmpty();
    }

    private void RemoveWritingFolderIfEmpty()
    {
        try
        {
            Directory.Delete(WritingFolder);
        }
        catch (IOException)
        {
            // Not empty, or already gone.
        }
    }
}
