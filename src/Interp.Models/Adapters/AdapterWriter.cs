using System.Text.Json;
using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Models.Adapters;

/// <summary>Writes adapters as PEFT does: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
/// <remarks>Source: huggingface/peft, the LoRA keys of <c>adapter_config.json</c> and the tensor names of <c>get_peft_model_state_dict</c>.</remarks>
internal static class AdapterWriter
{
    /// <summary>The file of the tensors.</summary>
    public const string WeightsFile = "adapter_model.safetensors";

    /// <summary>The file of the settings.</summary>
    public const string ConfigFile = "adapter_config.json";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes both files into a folder that exists.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">What the adapter is.</param>
    /// <param name="factors">B [out, r] and A [r, in] by module path, on any device; they stay the caller's.</param>
    /// <param name="saved">Tensors that replace the base's, by their names there; they stay the caller's.</param>
    public static void Write(string folder, AdapterSettings config, IReadOnlyDictionary<string, (Tensor B, Tensor A)> factors, IReadOnlyDictionary<string, Tensor> saved)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (path, (b, a)) in factors)
        {
            tensors.Add($"base_model.model.{path}.lora_A.weight", a.detach().contiguous());
            tensors.Add($"base_model.model.{path}.lora_B.weight", b.detach().contiguous());
        }

        foreach (var (name, tensor) in saved)
        {
            tensors.Add($"base_model.model.{name}", tensor.detach().contiguous());
        }

        SafetensorsWriter.Write(Path.Combine(folder, WeightsFile), tensors);
        File.WriteAllText(Path.Combine(folder, ConfigFile), JsonSerializer.Serialize(Json(config, factors.Keys, [.. saved.Keys]), s_json) + "\n");
    }

    private static SortedDictionary<string, object?> Json(AdapterSettings config, IEnumerable<string> paths, IReadOnlyCollection<string> saved) => new(StringComparer.Ordinal)
    {
        ["alpha_pattern"] = new Dictionary<string, int>(),
        ["base_model_name_or_path"] = config.BaseModel,
        ["bias"] = "none",
        ["fan_in_fan_out"] = config.IsFanInFanOut,
        ["inference_mode"] = true,
        ["init_lora_weights"] = true,
        ["lora_alpha"] = config.Alpha,
        ["lora_dropout"] = 0.0,
        ["modules_to_save"] = saved.Count > 0 ? saved.Select(Training.FineTuning.SavedModules.Path).Distinct().Order(StringComparer.Ordinal).ToArray() : null,
        ["peft_type"] = "LORA",
        ["r"] = config.Rank,
        ["rank_pattern"] = new Dictionary<string, int>(),
        ["target_modules"] = paths.Order(StringComparer.Ordinal).ToArray(),
        ["task_type"] = "CAUSAL_LM",
        ["use_dora"] = false,
        ["use_rslora"] = config.IsRankStabilised,
    };
}
