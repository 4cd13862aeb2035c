using Interp.Compute;

namespace Interp.Workbench.Workspace;

/// <summary>Where workspaces and shipped models are found.</summary>
public static class WorkspaceFolders
{
    /// <summary>Environment variable that names the workspace folder.</summary>
    public const string WorkspaceSetting = "INTERP_WORKSPACE";

    /// <summary>Environment variable that names the folder of the shipped models.</summary>
    public const string ModelsSetting = "INTERP_MODELS";

    /// <summary>
    /// The workspace folder: the one asked for, else the one that <see cref="WorkspaceSetting"/> names, else <c>interp</c> in the
    /// user's folder for local data (<c>~/.local/share</c> on Linux).
    /// </summary>
    /// <param name="asked">The folder asked for, or null.</param>
    /// <exception cref="InterpException">The user has no such folder.</exception>
    public static string Choose(string? asked) => Choose(asked, Environment.GetEnvironmentVariable);

    /// <summary>
    /// The folder of the shipped models: the one that <see cref="ModelsSetting"/> names, else the nearest folder <c>models</c>
    /// that holds a model, beside the program or above it; null when there is none.
    /// </summary>
    /// <exception cref="InterpException">The setting names a folder that does not exist.</exception>
    public static string? FindShippedModels() => FindShippedModels(Environment.GetEnvironmentVariable, AppContext.BaseDirectory);

    internal static string Choose(string? asked, Func<string, string?> environment)
    {
        if (!string.IsNullOrWhiteSpace(asked))
        {
            return Path.GetFullPath(asked);
        }

        if (environment(WorkspaceSetting) is { } named && !string.IsNullOrWhiteSpace(named))
        {
            return Path.GetFullPath(named);
        }

        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return local.Length > 0
            ? Path.Combine(local, "interp")
            : throw new InterpException($"this user has no folder for data: name a workspace with --workspace or {WorkspaceSetting}");
    }

    internal static string? FindShippedModels(Func<string, string?> environment, string programFolder)
    {
        if (environment(ModelsSetting) is { } named && !string.IsNullOrWhiteSpace(named))
        {
            return Directory.Exists(named)
                ? Path.GetFullPath(named)
                : throw new InterpException($"{ModelsSetting}={named} is no folder: name the folder that holds the shipped models, or unset it");
        }

        for (var folder = new DirectoryInfo(programFolder); folder is not null; folder = folder.Parent)
        {
            var models = Path.Combine(folder.FullName, "models");
            if (Directory.Exists(models) && Directory.EnumerateDirectories(models).Any(ModelLibrary.IsModelFolder))
            {
                return models;
            }
        }

        return null;
    }
}
