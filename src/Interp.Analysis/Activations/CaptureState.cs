using System.Security.Cryptography;
using System.Text.Json;
using Interp.Compute;

namespace Interp.Analysis.Activations;

/// <summary>The shards that a capture under way has finished: a stopped one goes on behind them.</summary>
internal sealed record CaptureState
{
    private const string FileName = "capture-state.json";

    /// <summary>A digest of what is captured.</summary>
    public required string Identity { get; init; }

    /// <summary>The finished shards in order.</summary>
    public required IReadOnlyList<ActivationShard> Shards { get; init; }

    /// <summary>Reads what a stopped capture left, checks every byte of it, and removes what it had only half written.</summary>
    /// <returns>The finished shards; null where there are none.</returns>
    /// <exception cref="InterpException">They are of another capture, or damaged.</exception>
    public static CaptureState? TryRead(string folder, string identity)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            Clear(folder, []);
            return null;
        }

        CaptureState state;
        try
        {
            state = JsonSerializer.Deserialize<CaptureState>(File.ReadAllText(path), ResultJson.Options)!;
        }
        catch (JsonException e)
        {
            throw new InterpException($"{path}: is damaged ({e.Message.ReplaceLineEndings(" ")}); capture without --resume", e);
        }

        if (state.Identity != identity)
        {
            throw new InterpException($"{folder}: holds a stopped capture of another model, text or other options; give the same ones, another folder, or no --resume");
        }

        foreach (var shard in state.Shards)
        {
            var file = Path.Combine(folder, shard.File);
            if (!File.Exists(file) || Hash(file) != shard.Sha256)
            {
                throw new InterpException($"{file}: this shard of the stopped capture is missing or damaged; capture without --resume");
            }
        }

        Clear(folder, [.. state.Shards.Select(shard => shard.File)]);
        return state;
    }

    /// <summary>Removes shards, but for some, and whatever was half written, of captures that were stopped.</summary>
    public static void Clear(string folder, IReadOnlyList<string> kept)
    {
        if (!Directory.Exists(folder) || File.Exists(Path.Combine(folder, ActivationManifest.FileName)))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "activations-*.safetensors*").Where(file => !kept.Contains(Path.GetFileName(file))).ToArray())
        {
            File.Delete(file);
        }

        if (kept.Count == 0)
        {
            Delete(folder);
        }
    }

    /// <summary>Removes the state.</summary>
    public static void Delete(string folder) => File.Delete(Path.Combine(folder, FileName));

    /// <summary>Writes the state, whole or not at all.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, FileName);
        File.WriteAllText($"{path}.tmp", JsonSerializer.Serialize(this, ResultJson.Options) + "\n");
        File.Move($"{path}.tmp", path, overwrite: true);
    }

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
