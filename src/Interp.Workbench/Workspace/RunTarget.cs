using Interp.Compute;

namespace Interp.Workbench.Workspace;

/// <summary>Where a run is written: a store, and the folder's name in it.</summary>
/// <param name="Store">The folder of run folders.</param>
/// <param name="Id">A fixed name, which replaces an earlier run; null for a new name made of the time and the analysis.</param>
public sealed record RunTarget(RunStore Store, string? Id = null)
{
    /// <summary>A run folder that the user names, beside whatever else lies there.</summary>
    /// <param name="folder">The folder; an earlier run in it is replaced, anything else is left alone.</param>
    /// <exception cref="InterpException">The folder holds something that is no run, or its name cannot be a run's.</exception>
    public static RunTarget AtFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var name = Path.GetFileName(full);
        if (!RunStore.IsId(name) || Path.GetDirectoryName(full) is not { } parent)
        {
            throw new InterpException($"{folder} cannot be the folder of a run: choose a name of letters, digits, spaces and - _ . + , = @ that does not begin with a dot");
        }

        if (File.Exists(full))
        {
            throw new InterpException($"{folder} is a file: choose another folder for the run");
        }

        if (Directory.Exists(full) && !RunRecord.IsRunFolder(full) && Directory.EnumerateFileSystemEntries(full).Any())
        {
            throw new InterpException($"the folder {folder} holds something that is no run: choose another folder, or empty it");
        }

        return new RunTarget(RunStore.Open(parent), name);
    }
}
