using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Compute;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>Reads the JSON that goes with weights: a missing key is null, a key of another type an error that names it.</summary>
internal static class ConfigJson
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Reads an object.</summary>
    /// <exception cref="InterpException">The file is no JSON object.</exception>
    public static JsonObject Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new InterpException($"{path}: should hold a JSON object");
        }
        catch (JsonException e)
        {
            throw new InterpException($"{path}: is no JSON ({e.Message.ReplaceLineEndings(" ")})", e);
        }
    }

    /// <summary>Reads an object where the file is there.</summary>
    public static JsonObject? TryRead(string path) => File.Exists(path) ? Read(path) : null;

    /// <summary>Writes an object, whole or not at all.</summary>
    public static void Write(string path, JsonObject config)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, config.ToJsonString(s_json) + "\n");
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>A child object, or null.</summary>
    public static JsonObject? Child(JsonObject? config, params string[] path) =>
        path.Aggregate((JsonNode?)config, (node, key) => (node as JsonObject)?[key]) as JsonObject;

    /// <summary>A text, or null.</summary>
    public static string? Text(JsonObject? node, string key) => node?[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A number or truth value, or null.</summary>
    public static T? Value<T>(JsonObject? node, string key)
        where T : struct => node?[key] is JsonValue value && value.TryGetValue<T>(out var number) ? number : null;

    /// <summary>A truth value, or what holds where the key is missing.</summary>
    /// <exception cref="InterpException">The key holds something else.</exception>
    public static bool Switch(string path, JsonObject config, string key, bool otherwise) =>
        config[key] is null ? otherwise : Value<bool>(config, key) ?? throw new InterpException($"{path}: {key} should be true or false");

    /// <summary>A positive number, written with or without a fraction.</summary>
    /// <exception cref="InterpException">The key is missing or holds something else.</exception>
    public static double Positive(string path, JsonObject config, string key) =>
        Value<double>(config, key) is { } number && number > 0 ? number : throw new InterpException($"{path}: {key} should be a positive number");
}
