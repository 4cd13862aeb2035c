using System.Globalization;
using System.Text.Json;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Models.Checkpoints;
using Interp.Models.Training;
using static TorchSharp.torch;

namespace Interp.Analysis.Lenses.Tuned;

/// <summary>A training run's whole state in one file, there whole or not at all: maps, moments, step, curve and options.</summary>
internal static class TunedLensState
{
    private const string FileName = "tuned-lens-state.safetensors";

    private static readonly string[] s_free = [nameof(TunedLensOptions.Steps), nameof(TunedLensOptions.Resume), nameof(TunedLensOptions.CheckpointEvery), nameof(TunedLensOptions.StateFolder)];

    public static void Save(string folder, TunedLens lens, AdamW optimizer, List<TunedLensPoint> history, TunedLensOptions options)
    {
        Directory.CreateDirectory(folder);
        var tensors = new Dictionary<string, Tensor>(optimizer.State());
        foreach (var (name, tensor) in lens.Parameters)
        {
            tensors.Add($"parameter.{name}", tensor);
        }

        SafetensorsWriter.Write(Path.Combine(folder, FileName), tensors, new Dictionary<string, string>
        {
            ["step"] = optimizer.StepCount.ToString(CultureInfo.InvariantCulture),
            ["unembedding"] = lens.UnembeddingHash,
            ["options"] = Fingerprint(options),
            ["history"] = JsonSerializer.Serialize(history, ResultJson.Options),
        });
    }

    /// <summary>Puts a saved state in place, where there is one.</summary>
    /// <exception cref="InterpException">It is damaged or belongs to another run.</exception>
    public static void TryRestore(string folder, TunedLens lens, AdamW optimizer, List<TunedLensPoint> history, TunedLensOptions options)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return;
        }

        using var file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault("options") != Fingerprint(options) || file.Metadata.GetValueOrDefault("unembedding") != lens.UnembeddingHash)
        {
            throw new InterpException($"{path}: was saved by a run with other options or another model: use those again, or another output folder");
        }

        try
        {
            using var gradients = no_grad();
            optimizer.Restore(name => file.Read(name), long.Parse(file.Metadata["step"], CultureInfo.InvariantCulture));
            foreach (var (name, tensor) in lens.Parameters)
            {
                using var saved = file.Read($"parameter.{name}");
                tensor.copy_(saved);
            }

            history.AddRange(JsonSerializer.Deserialize<TunedLensPoint[]>(file.Metadata["history"], ResultJson.Options)!);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException)
        {
            throw new InterpException($"{path} is damaged ({e.Message.ReplaceLineEndings(" ")}): delete it and start anew", e);
        }
    }

    public static void Delete(string folder) => File.Delete(Path.Combine(folder, FileName));

    private static string Fingerprint(TunedLensOptions options) => JsonSerializer.Serialize(
        OptionsSchema.Values(options).Where(pair => !s_free.Contains(pair.Key)).ToDictionary(), ResultJson.Options);
}
