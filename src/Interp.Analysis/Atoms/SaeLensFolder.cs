using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms;

/// <summary>
/// A sparse autoencoder on disk as SAELens 6 writes it: <c>cfg.json</c> and <c>sae_weights.safetensors</c>. Weights are written
/// first and named by their SHA-256 in the configuration, so a folder whose two files do not belong together is refused.
/// </summary>
internal static class SaeLensFolder
{
    public const string ConfigFile = "cfg.json";
    public const string WeightsFile = "sae_weights.safetensors";

    /// <summary>Files whose configuration names no version of at least 6 are read by SAELens as its older layout.</summary>
    private const string WrittenVersion = "6.18.0";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n" };

    public static SparseAutoencoder Read(string folder)
    {
        var path = Path.Combine(folder, ConfigFile);
        var weights = Path.Combine(folder, WeightsFile);
        foreach (var file in new[] { path, weights })
        {
            if (!File.Exists(file))
            {
                throw new InterpException($"{folder}: is no sparse autoencoder's folder, {Path.GetFileName(file)} is missing; give a folder with {ConfigFile} and {WeightsFile}");
            }
        }

        var config = ReadConfig(path);
        var info = ReadInfo(path, config);
        if (Child(config, "metadata", "interp") is { } own && Text(own, "weights_sha256") is { } expected && expected != Hash(weights))
        {
            throw new InterpException($"{weights}: is not the file that {ConfigFile} describes (its SHA-256 differs); write or copy the dictionary again");
        }

        using var opened = SafetensorsFile.Open(weights);
        return ReadWeights(opened, config, info);
    }

    public static void Write(string folder, SparseAutoencoder dictionary)
    {
        Directory.CreateDirectory(folder);
        var tensors = new Dictionary<string, Tensor>
        {
            ["W_enc"] = dictionary.EncoderWeights,
            ["b_enc"] = dictionary.EncoderBias,
            ["W_dec"] = dictionary.DecoderDirections,
            ["b_dec"] = dictionary.DecoderBias,
        };
        if (dictionary.Thresholds is { } thresholds)
        {
            tensors["threshold"] = thresholds;
        }

        var weights = Path.Combine(folder, WeightsFile);
        SafetensorsWriter.Write(weights, tensors);
        var path = Path.Combine(folder, ConfigFile);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, Config(dictionary, Hash(weights)).ToJsonString(s_json) + "\n");
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static JsonObject ReadConfig(string path)
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

    private static DictionaryInfo ReadInfo(string path, JsonObject config)
    {
        var normalisation = Text(config, "normalize_activations") ?? "none";
        if (normalisation != "none")
        {
            throw new InterpException($"{path}: normalize_activations {normalisation} is not supported; fold it into the weights first");
        }

        var metadata = config["metadata"] as JsonObject;
        return new DictionaryInfo
        {
            Architecture = Text(config, "architecture") switch
            {
                "jumprelu" => DictionaryArchitecture.JumpRelu,
                "standard" => DictionaryArchitecture.Standard,
                var other => throw new InterpException($"{path}: architecture {other ?? "(none)"} is not supported; use jumprelu or standard"),
            },
            SubtractsDecoderBias = Value<bool>(config, "apply_b_dec_to_input")
                ?? throw new InterpException($"{path}: apply_b_dec_to_input should be true or false"),
            ModelName = Text(metadata, "model_name"),
            HookName = Text(metadata, "hook_name"),
            ContextLength = Value<int>(metadata, "context_size"),
            PrependsBegin = Value<bool>(metadata, "prepend_bos"),
            Training = ReadTraining(metadata?["interp"] as JsonObject),
            Source = config,
        };
    }

    private static TrainingRecord? ReadTraining(JsonObject? own) =>
        Value<long>(own, "seed") is { } seed && Value<double>(own, "held_out_fraction") is { } share && Value<long>(own, "rows") is { } rows
        && Text(own, "activations") is { } fingerprint && Value<double>(own, "input_scale") is { } scale
            ? new TrainingRecord(seed, share, rows, fingerprint, scale)
            : null;

    private static SparseAutoencoder ReadWeights(SafetensorsFile file, JsonObject config, DictionaryInfo info)
    {
        string[] names = info.Architecture == DictionaryArchitecture.JumpRelu
            ? ["W_enc", "b_enc", "W_dec", "b_dec", "threshold"]
            : ["W_enc", "b_enc", "W_dec", "b_dec"];
        if (file.Entries.Keys.Except(names).FirstOrDefault() is { } stray)
        {
            throw new InterpException($"{file.Path}: holds {stray}, which a {Text(config, "architecture")} dictionary does not have");
        }

        using var scope = NewDisposeScope();
        var tensors = names.Select(name => file.Read(name, ScalarType.Float32)).ToArray();
        SparseAutoencoder dictionary;
        try
        {
            dictionary = SparseAutoencoder.Create(info, tensors[0], tensors[1], tensors[2], tensors[3], tensors.ElementAtOrDefault(4));
        }
        catch (ShapeMismatchException e)
        {
            throw new InterpException($"{file.Path}: {e.Message}", e);
        }

        if (Value<int>(config, "d_in") != dictionary.InputWidth || Value<int>(config, "d_sae") != dictionary.Width)
        {
            var found = $"[{dictionary.InputWidth}, {dictionary.Width}]";
            dictionary.Dispose();
            throw new InterpException($"{file.Path}: [d_in, d_sae] are {found}, but {ConfigFile} says [{config["d_in"]}, {config["d_sae"]}]");
        }

        return dictionary;
    }

    private static JsonObject Config(SparseAutoencoder dictionary, string hash)
    {
        var info = dictionary.Info;
        var config = (JsonObject?)info.Source?.DeepClone() ?? [];
        config["architecture"] = info.Architecture == DictionaryArchitecture.JumpRelu ? "jumprelu" : "standard";
        config["d_in"] = dictionary.InputWidth;
        config["d_sae"] = dictionary.Width;
        config["dtype"] = "float32";
        config["device"] = "cpu";
        config["apply_b_dec_to_input"] = info.SubtractsDecoderBias;
        config["normalize_activations"] = "none";
        config["reshape_activations"] ??= "none";
        var metadata = Child(config, "metadata") ?? [];
        metadata["sae_lens_version"] ??= WrittenVersion;
        metadata["model_name"] = info.ModelName;
        metadata["hook_name"] = info.HookName;
        metadata["context_size"] = info.ContextLength;
        metadata["prepend_bos"] = info.PrependsBegin;
        var own = Child(metadata, "interp") ?? [];
        own["weights_sha256"] = hash;
        if (info.Training is { } training)
        {
            own["seed"] = training.Seed;
            own["held_out_fraction"] = training.HeldOutFraction;
            own["rows"] = training.Rows;
            own["activations"] = training.Fingerprint;
            own["input_scale"] = training.InputScale;
        }

        metadata["interp"] = own.Parent is null ? own : own.DeepClone();
        config["metadata"] = metadata.Parent is null ? metadata : metadata.DeepClone();
        return config;
    }

    private static JsonObject? Child(JsonObject config, params string[] path) =>
        path.Aggregate((JsonNode?)config, (node, key) => (node as JsonObject)?[key]) as JsonObject;

    private static string? Text(JsonObject? node, string key) => node?[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static T? Value<T>(JsonObject? node, string key)
        where T : struct => node?[key] is JsonValue value && value.TryGetValue<T>(out var number) ? number : null;

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
