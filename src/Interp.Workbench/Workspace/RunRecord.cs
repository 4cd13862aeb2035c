using System.Text.Json;
using Interp.Analysis;
using Interp.Compute;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Workspace;

/// <summary>
/// A finished run, read from its folder. Parts that are missing or damaged read as empty and are named in
/// <see cref="Problems"/>, so that what is left can still be looked at.
/// </summary>
public sealed class RunRecord
{
    private static readonly JsonElement s_null = JsonSerializer.SerializeToElement<object?>(null);

    private RunRecord(string folder, List<string> problems)
    {
        Folder = folder;
        Manifest = ReadManifest(folder, problems);
        Result = Read(folder, RunFiles.Result, s_null, stream => JsonSerializer.Deserialize<JsonElement>(stream), problems);
        Figures = Read(folder, RunFiles.Figures, [], FigureSerializer.Read, problems);
        Log = Read(folder, RunFiles.Log, "", ReadText, problems);
        Problems = problems;
    }

    /// <summary>What was asked, with what, and when.</summary>
    public RunManifest Manifest { get; }

    /// <summary>The result record as JSON, with the keys of its type; JSON null when it is missing.</summary>
    public JsonElement Result { get; }

    /// <summary>The figures; empty when they are missing.</summary>
    public IReadOnlyList<FigureDocument> Figures { get; }

    /// <summary>What was logged.</summary>
    public string Log { get; }

    /// <summary>The run's folder.</summary>
    public string Folder { get; }

    /// <summary>The folder of what is too big for the result (shards, trained weights), or null.</summary>
    public string? DataFolder => Directory.Exists(Path.Combine(Folder, RunFiles.Data)) ? Path.Combine(Folder, RunFiles.Data) : null;

    /// <summary>The safetensors file beside the result, or null.</summary>
    public string? TensorsPath => File.Exists(Path.Combine(Folder, RunFiles.Tensors)) ? Path.Combine(Folder, RunFiles.Tensors) : null;

    /// <summary>The report that this run holds, or null.</summary>
    public string? ReportPath => File.Exists(Path.Combine(Folder, RunFiles.Report)) ? Path.Combine(Folder, RunFiles.Report) : null;

    /// <summary>What is missing or damaged, one sentence each; empty for a whole run.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Reads a run folder.</summary>
    /// <exception cref="InterpException">There is no such folder.</exception>
    public static RunRecord Open(string folder)
    {
        var full = Path.GetFullPath(folder);
        return Directory.Exists(full)
            ? new RunRecord(full, [])
            : throw new InterpException($"there is no run folder {folder}: list the runs to see which there are");
    }

    /// <summary>Whether a folder is a run's.</summary>
    public static bool IsRunFolder(string folder) => File.Exists(Path.Combine(folder, RunFiles.Manifest));

    /// <summary>The manifest of a run folder; what cannot be read is made up from the folder's name and named in <paramref name="problems"/>.</summary>
    internal static RunManifest ReadManifest(string folder, List<string> problems)
    {
        var id = Path.GetFileName(folder);
        var unknown = new RunManifest { Id = id, Analysis = "unknown", Title = id, StartedUtc = Directory.GetCreationTimeUtc(folder) };
        var manifest = Read(
            folder, RunFiles.Manifest, unknown, stream => JsonSerializer.Deserialize<RunManifest>(stream, ResultJson.Options) ?? throw new JsonException("it is empty"), problems);

        // The folder's name is the id, also after someone copied or renamed it.
        return manifest with
        {
            Id = id,
            Analysis = manifest.Analysis ?? "unknown",
            Title = manifest.Title ?? id,
            Sources = manifest.Sources ?? new RunSources(),
            Options = manifest.Options ?? new Dictionary<string, string>(),
            Runs = manifest.Runs ?? [],
        };
    }

    private static T Read<T>(string folder, string file, T missing, Func<Stream, T> read, List<string> problems)
    {
        try
        {
            using var stream = new FileStream(Path.Combine(folder, file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return read(stream);
        }
        catch (FileNotFoundException)
        {
            problems.Add($"{file} is missing");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            problems.Add($"{file} cannot be read: {e.Message}");
        }

        return missing;
    }

    private static string ReadText(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
