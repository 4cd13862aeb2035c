using Interp.Compute;

namespace Interp.Workbench.Workspace;

/// <summary>
/// The folder in which the app, the command line and the notebooks keep their work: <c>runs/</c>, <c>models/</c> and
/// <c>catalogue.db</c>, an index of the runs that can be made again from the folders. Several processes may use one workspace;
/// members may be called from any thread.
/// </summary>
public sealed class Workspace : IDisposable
{
    private readonly Catalogue _catalogue;
    private readonly string? _shippedModels;
    private readonly Lock _gate = new();

    private Workspace(string folder, string? shippedModels, RunStore store)
    {
        Folder = folder;
        Store = store;
        _shippedModels = shippedModels;
        _catalogue = new Catalogue(Path.Combine(folder, "catalogue.db"));
    }

    /// <summary>The workspace's folder.</summary>
    public string Folder { get; }

    /// <summary>The folder of run folders.</summary>
    public RunStore Store { get; }

    /// <summary>The folder of the user's own models.</summary>
    public string ModelsFolder => Path.Combine(Folder, "models");

    /// <summary>Opens a workspace, making its folders if needed, and sweeps what interrupted processes left half written.</summary>
    /// <param name="folder">The folder; see <see cref="WorkspaceFolders.Choose(string?)"/> for the usual one.</param>
    /// <param name="shippedModels">The folder of the models that come with the program; null to look for it.</param>
    /// <exception cref="InterpException">The folder cannot be made.</exception>
    public static Workspace Open(string folder, string? shippedModels = null)
    {
        var full = Path.GetFullPath(folder);
        var store = RunStore.Open(Path.Combine(full, "runs"));
        Directory.CreateDirectory(Path.Combine(full, "models"));
        return new Workspace(full, shippedModels ?? WorkspaceFolders.FindShippedModels(), store);
    }

    /// <summary>The shipped models, then the workspace's own, each by name, read from headers only.</summary>
    public IReadOnlyList<ModelListing> Models() =>
        [.. ModelLibrary.List(_shippedModels, shipped: true), .. ModelLibrary.List(ModelsFolder, shipped: false)];

    /// <summary>The folder of a model.</summary>
    /// <param name="nameOrFolder">A shipped model's name, a workspace model's name, or a folder.</param>
    /// <exception cref="InterpException">There is none; the message lists those that there are.</exception>
    public string ResolveModel(string nameOrFolder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrFolder);
        if (nameOrFolder.IndexOfAny(['/', '\\']) < 0)
        {
            foreach (var root in (string?[])[_shippedModels, ModelsFolder])
            {
                if (root is not null && nameOrFolder is not ("." or "..") && ModelLibrary.IsModelFolder(Path.Combine(root, nameOrFolder)))
                {
                    return Path.Combine(root, nameOrFolder);
                }
            }
        }

        if (Directory.Exists(nameOrFolder))
        {
            return ModelLibrary.IsModelFolder(nameOrFolder)
                ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(nameOrFolder))
                : throw new InterpException($"the folder {nameOrFolder} holds no model: config.json is missing");
        }

        var names = Models().Select(model => model.Name).Distinct().ToList();
        throw new InterpException($"there is no model {nameOrFolder}: name a folder{(names.Count > 0 ? $" or one of {string.Join(", ", names)}" : "")}");
    }

    /// <summary>The runs, the newest first.</summary>
    public IReadOnlyList<RunSummary> Runs()
    {
        lock (_gate)
        {
            return _catalogue.Runs(Store);
        }
    }

    /// <summary>Reads a run; parts that are missing read as empty.</summary>
    /// <exception cref="InterpException">There is no such run.</exception>
    public RunRecord OpenRun(string id) => Store.OpenRun(id);

    /// <summary>Deletes a run and all its files.</summary>
    /// <exception cref="InterpException">There is no such run.</exception>
    public void DeleteRun(string id) => Store.DeleteRun(id);

    /// <summary>Starts writing a run; nothing of it is listed before it is committed.</summary>
    /// <exception cref="InterpException">The folder cannot be written.</exception>
    public RunWriter BeginRun(RunRequest request) => Store.BeginRun(request);

    /// <summary>Makes the index of the runs again from their folders.</summary>
    public void RebuildCatalogue()
    {
        lock (_gate)
        {
            _catalogue.Delete();
            _catalogue.Runs(Store);
        }
    }

    /// <summary>Nothing is held open between calls; here for owners that keep a workspace for a time.</summary>
    public void Dispose()
    {
    }
}
