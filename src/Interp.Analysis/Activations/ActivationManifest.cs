using System.Text.Json;
using Interp.Compute;

namespace Interp.Analysis.Activations;

/// <summary>What a folder of activation shards holds. Written last: a folder without it is an unfinished capture.</summary>
public sealed record ActivationManifest
{
    /// <summary>The manifest's file name.</summary>
    public const string FileName = "activations.json";

    /// <summary>The version of this layout.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The hooks, in the order captured.</summary>
    public required IReadOnlyList<ActivationHook> Hooks { get; init; }

    /// <summary>The rows of every hook.</summary>
    public long Rows { get; init; }

    /// <summary>The element type on disk, as safetensors names it.</summary>
    public string Dtype { get; init; } = "F32";

    /// <summary>Where the rows come from.</summary>
    public ActivationOrigin Origin { get; init; } = new();

    /// <summary>The rows left out because they were outliers.</summary>
    public long Dropped { get; init; }

    /// <summary>Which part of a capture this is; null for a whole one.</summary>
    public ActivationPart? Part { get; init; }

    /// <summary>The shards in order.</summary>
    public IReadOnlyList<ActivationShard> Shards { get; init; } = [];

    /// <summary>Reads and checks the manifest of a folder.</summary>
    /// <exception cref="InterpException">There is none, or it makes no sense.</exception>
    internal static ActivationManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new InterpException(
                $"{folder}: is no finished folder of activations, {FileName} is missing; capture them again or give another folder");
        }

        try
        {
            var manifest = JsonSerializer.Deserialize<ActivationManifest>(File.ReadAllText(path), ResultJson.Options);
            return manifest is not null && manifest.IsSound()
                ? manifest
                : throw new InterpException($"{path}: is damaged (version, hooks or shards make no sense); capture the activations again");
        }
        catch (JsonException e)
        {
            throw new InterpException($"{path}: is damaged ({e.Message.ReplaceLineEndings(" ")}); capture the activations again", e);
        }
    }

    /// <summary>Writes the manifest, whole or not at all.</summary>
    internal void Write(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, JsonSerializer.Serialize(this, ResultJson.Options) + "\n");
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private bool IsSound() =>
        Version == 1
        && Hooks is { Count: > 0 } && Hooks.All(hook => hook is { Name.Length: > 0, Width: > 0 })
        && Shards is not null && Origin is not null
        && Shards.All(shard => shard is { Rows: > 0, Bytes: > 0 } && shard.File == Path.GetFileName(shard.File))
        && Shards.Sum(shard => (long)shard.Rows) == Rows;
}
