using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Compute;
using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>
/// A trained recipe's model folder: <c>config.json</c> (TransformerLens's keys), <c>interp.json</c> (task and origin),
/// <c>model.safetensors</c> and <c>metrics.json</c>. It appears whole or not at all.
/// </summary>
internal static class ModelFolder
{
    /// <summary>The file of the metrics.</summary>
    public const string MetricsFile = "metrics.json";

    /// <summary>How the folder's files are written.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Checks early that the folder may be written.</summary>
    /// <exception cref="InterpException">It is a file, or holds something already.</exception>
    public static void CheckFree(string folder)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new InterpException($"{folder} exists already: choose another folder, or delete it first");
        }
    }

    /// <summary>Writes a modular-addition model's folder.</summary>
    public static void Write(string folder, ModularAdditionRecipe recipe, IReadOnlyDictionary<string, Tensor> parameters, RecipeMetrics metrics) =>
        Write(folder, target =>
        {
            WriteJson(target, "config.json", Config(recipe.Shape));
            WriteJson(target, "interp.json", Origin(recipe, metrics));
            WriteJson(target, MetricsFile, metrics);
            SafetensorsWriter.Write(Path.Combine(target, "model.safetensors"), parameters);
        });

    /// <summary>Lets a folder be filled under another name beside it and renames it when whole.</summary>
    public static void Write(string folder, Action<string> fill)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        CheckFree(target);
        var parent = Path.GetDirectoryName(target) ?? throw new InterpException($"{folder} is the root of a file system: choose a folder inside it");
        Directory.CreateDirectory(parent);
        var temporary = Path.Combine(parent, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(temporary);
            fill(temporary);
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(temporary, target);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    /// <summary>Writes one JSON file.</summary>
    public static void WriteJson<T>(string folder, string file, T content, JsonSerializerOptions? options = null) =>
        File.WriteAllText(Path.Combine(folder, file), JsonSerializer.Serialize(content, options ?? Json) + "\n");

    private static Dictionary<string, object?> Config(ModularAdditionShape shape) => new()
    {
        ["model_type"] = "hooked_transformer",
        ["n_layers"] = 1,
        ["d_model"] = shape.Width,
        ["n_ctx"] = ModularAdditionShape.PromptLength,
        ["d_head"] = shape.HeadWidth,
        ["n_heads"] = shape.HeadCount,
        ["d_mlp"] = shape.MlpWidth,
        ["d_vocab"] = shape.Modulus + 1,
        ["d_vocab_out"] = shape.Modulus,
        ["act_fn"] = "relu",
        ["normalization_type"] = null,
        ["attn_only"] = false,
        ["attention_dir"] = "causal",
        ["positional_embedding_type"] = "standard",
        ["use_attn_scale"] = true,
        ["gated_mlp"] = false,
        ["parallel_attn_mlp"] = false,
        ["dtype"] = "float32",
    };

    private static Dictionary<string, object> Origin(ModularAdditionRecipe recipe, RecipeMetrics metrics) => new()
    {
        ["task"] = new Dictionary<string, object>
        {
            ["kind"] = "modular-addition",
            ["modulus"] = recipe.Shape.Modulus,
            ["prompts"] = "[a, b, =]",
        },
        ["recipe"] = recipe.Name,
        ["seed"] = metrics.Seed,
        ["trainFraction"] = recipe.TrainFraction,
        ["steps"] = metrics.Steps,
    };
}
