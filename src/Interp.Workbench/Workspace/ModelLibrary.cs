using System.Text.Json;
using Interp.Compute;
using Interp.Models.Checkpoints;

namespace Interp.Workbench.Workspace;

/// <summary>The model folders of the program and of the workspace, described from their headers.</summary>
internal static class ModelLibrary
{
    private const string ConfigFile = "config.json";
    private const string TaskFile = "interp.json";

    /// <summary>Whether a folder looks like a model.</summary>
    public static bool IsModelFolder(string folder) => File.Exists(Path.Combine(folder, ConfigFile));

    /// <summary>The models of a folder of model folders, by name.</summary>
    public static IEnumerable<ModelListing> List(string? folder, bool shipped) =>
        folder is null || !Directory.Exists(folder)
            ? []
            : Directory.EnumerateDirectories(folder)
                .Where(path => Path.GetFileName(path)[0] != '.' && IsModelFolder(path))
                .Order(StringComparer.Ordinal)
                .Select(path => Describe(path, shipped));

    /// <summary>One model, from its configuration, the headers of its weights and its model card.</summary>
    public static ModelListing Describe(string folder, bool shipped)
    {
        var listing = new ModelListing
        {
            Name = Path.GetFileName(folder),
            Folder = folder,
            IsShipped = shipped,
            HasTokenizer = File.Exists(Path.Combine(folder, "tokenizer.json")) || File.Exists(Path.Combine(folder, "tokenizer.model")),
            Description = CardLine(Path.Combine(folder, "README.md")),
            Bytes = new DirectoryInfo(folder).EnumerateFiles().Where(file => file.Extension is ".safetensors" or ".bin").Sum(file => file.Length),
        };
        try
        {
            listing = listing with
            {
                Family = Text(Path.Combine(folder, ConfigFile), "model_type") ?? throw new InterpException($"{ConfigFile} has no model_type"),
                Task = Text(Path.Combine(folder, TaskFile), "task", "kind"),
            };
            return listing with { Parameters = CountParameters(folder) };
        }
        catch (Exception e) when (e is InterpException or JsonException or IOException or UnauthorizedAccessException)
        {
            return listing with { Problem = e.Message.ReplaceLineEndings(" ") };
        }
    }

    private static long CountParameters(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        return checkpoint.Names.Sum(name => checkpoint.Entry(name).ElementCount);
    }

    private static string? Text(string file, params ReadOnlySpan<string> path)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        var element = document.RootElement;
        foreach (var key in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
    }

    // The first line of prose after the heading; the heading itself where nothing follows. A block of metadata between dashes is skipped.
    private static string CardLine(string path)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        var lines = File.ReadLines(path).Take(200).Select(line => line.Trim()).ToList();
        if (lines is ["---", ..])
        {
            var end = lines.IndexOf("---", 1);
            lines = end < 0 ? [] : lines[(end + 1)..];
        }

        var heading = lines.Find(line => line.StartsWith('#'))?.TrimStart('#', ' ');
        return lines.Find(line => line.Length > 0 && line[0] is not ('#' or '|' or '<' or '`')) ?? heading ?? "";
    }
}
