using System.Globalization;
using System.Text.Json.Nodes;
using Interp.Compute;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>The <c>cfg.json</c> of SAELens: its keys, their defaults, and what they mean here.</summary>
internal static class SaeLensConfig
{
    /// <summary>Files whose configuration names no version of at least 6 are read by SAELens as its older layout.</summary>
    private const string WrittenVersion = "6.18.0";

    /// <summary>Whether the configuration is of a version before 6.</summary>
    public static bool IsLegacy(JsonObject config)
    {
        var version = ConfigJson.Text(ConfigJson.Child(config, "metadata"), "sae_lens_version") ?? ConfigJson.Text(config, "sae_lens_version");
        return version is null || !int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) || major < 6;
    }

    /// <summary>Brings an older configuration into the newer form: names, defaults, and metadata in their own object.</summary>
    public static void Modernise(string path, JsonObject config)
    {
        Rename(config, "hook_point", "hook_name");
        Rename(config, "hook_point_head_index", "hook_head_index");
        Rename(config, "activation_fn_str", "activation_fn");
        config["architecture"] ??= "standard";
        var function = ConfigJson.Text(config, "activation_fn") ?? "relu";
        if (function == "topk")
        {
            config["architecture"] = "topk";
            config["k"] ??= ConfigJson.Child(config, "activation_fn_kwargs")?["k"]?.DeepClone();
        }
        else if (function != "relu")
        {
            throw new InterpException($"{path}: activation_fn {function} is not supported; use relu or topk");
        }

        if (config["normalize_activations"] is JsonValue value && value.TryGetValue<bool>(out var scales))
        {
            config["normalize_activations"] = scales ? "expected_average_only_in" : "none";
        }

        var hook = ConfigJson.Text(config, "hook_name") ?? ConfigJson.Text(ConfigJson.Child(config, "metadata"), "hook_name");
        config["reshape_activations"] ??= hook?.Contains("hook_z", StringComparison.Ordinal) == true ? "hook_z" : "none";
        var metadata = ConfigJson.Child(config, "metadata") ?? [];
        foreach (var key in new[] { "model_name", "hook_name", "context_size", "prepend_bos", "hook_head_index", "neuronpedia_id", "dataset_path" })
        {
            metadata[key] ??= config[key]?.DeepClone();
        }

        metadata["prepend_bos"] ??= true;
        config["metadata"] = metadata.Parent is null ? metadata : metadata.DeepClone();
    }

    /// <summary>What the configuration says.</summary>
    /// <exception cref="InterpException">A key holds something that is not supported.</exception>
    public static DictionaryInfo Info(string path, JsonObject config, bool isLegacy)
    {
        var name = ConfigJson.Text(config, "architecture");
        var isTranscoder = name?.Contains("transcoder", StringComparison.Ordinal) == true;
        var metadata = ConfigJson.Child(config, "metadata");
        var normalisation = ConfigJson.Text(config, "normalize_activations") ?? "none";
        var architecture = name switch
        {
            "standard" or "transcoder" or "skip_transcoder" => DictionaryArchitecture.Standard,
            "jumprelu" or "jumprelu_transcoder" or "jumprelu_skip_transcoder" or "batchtopk" or "matryoshka_batchtopk" => DictionaryArchitecture.JumpRelu,
            "topk" => DictionaryArchitecture.TopK,
            "gated" => DictionaryArchitecture.Gated,
            _ => throw new InterpException($"{path}: architecture {name ?? "(none)"} is not supported; use standard, jumprelu, topk, gated, or a transcoder of standard or jumprelu"),
        };
        var subtracts = ConfigJson.Switch(path, config, "apply_b_dec_to_input", otherwise: !isTranscoder);
        if (isTranscoder && subtracts)
        {
            throw new InterpException($"{path}: apply_b_dec_to_input is true, but a transcoder's decoder bias is of its output; set it to false");
        }

        return new DictionaryInfo
        {
            Architecture = architecture,
            SubtractsDecoderBias = subtracts,
            ActiveCount = architecture == DictionaryArchitecture.TopK ? ConfigJson.Positive(path, config, "k") : 0,
            Normalisation = normalisation switch
            {
                "none" or "expected_average_only_in" => InputNormalisation.None,
                "constant_norm_rescale" => InputNormalisation.ConstantNorm,
                "layer_norm" => InputNormalisation.LayerNorm,
                _ => throw new InterpException($"{path}: normalize_activations {normalisation} is not supported; use none, constant_norm_rescale or layer_norm"),
            },
            LacksInputScale = normalisation == "expected_average_only_in",
            RescalesByDecoderNorm = name is "topk" or "batchtopk" or "matryoshka_batchtopk" && ConfigJson.Switch(path, config, "rescale_acts_by_decoder_norm", otherwise: false),
            IsTranscoder = isTranscoder,
            FlattensHeads = ConfigJson.Text(config, "reshape_activations") == "hook_z",
            ModelName = ConfigJson.Text(metadata, "model_name"),
            HookName = ConfigJson.Text(metadata, "hook_name"),
            OutputHookName = ConfigJson.Text(metadata, "hook_name_out"),
            ContextLength = ConfigJson.Value<int>(metadata, "context_size"),
            PrependsBegin = ConfigJson.Value<bool>(metadata, "prepend_bos"),
            Training = ReadTraining(ConfigJson.Child(metadata, "interp")),
            NestedWidths = (ConfigJson.Child(metadata, "interp")?["nested_widths"] as JsonArray)?.Select(node => node!.GetValue<long>()).ToArray(),
            Format = isLegacy ? DictionaryFormat.SaeLensLegacy : DictionaryFormat.SaeLens,
            Source = isLegacy ? null : config,
        };
    }

    /// <summary>The type that SAELens rounds every tensor to on loading, where that loses digits.</summary>
    public static ScalarType? Rounding(JsonObject config) => ConfigJson.Text(config, "dtype")?.Replace("torch.", "", StringComparison.Ordinal) switch
    {
        "bfloat16" => ScalarType.BFloat16,
        "float16" or "half" => ScalarType.Float16,
        _ => null,
    };

    /// <summary>SAELens's name of a dictionary's kind.</summary>
    /// <exception cref="InterpException">It has none.</exception>
    public static string ArchitectureOf(SparseAutoencoder dictionary)
    {
        var info = dictionary.Info;
        var kind = info.Architecture switch
        {
            DictionaryArchitecture.Standard => "standard",
            DictionaryArchitecture.JumpRelu => "jumprelu",
            DictionaryArchitecture.TopK => "topk",
            DictionaryArchitecture.Gated => "gated",
            _ => throw new InterpException($"SAELens has no {info.Architecture} dictionaries: keep this one in its own layout"),
        };
        if (!info.RectifiesCodes)
        {
            throw new InterpException("SAELens's dictionaries rectify their codes and this one does not: keep it in its own layout");
        }

        if (!info.IsTranscoder)
        {
            return dictionary.SkipWeights is null ? kind : throw new InterpException("SAELens's autoencoders have no skip connection: keep this one in its own layout");
        }

        var skip = dictionary.SkipWeights is null ? "transcoder" : "skip_transcoder";
        return kind switch
        {
            "standard" => skip,
            "jumprelu" => $"jumprelu_{skip}",
            _ => throw new InterpException($"SAELens has no {kind} transcoders: convert to sparsify or circuit-tracer instead"),
        };
    }

    /// <summary>The configuration to write; keys that were read and are not known here are kept.</summary>
    public static JsonObject Write(SparseAutoencoder dictionary, string architecture, string hash)
    {
        var info = dictionary.Info;
        var config = (JsonObject?)info.Source?.DeepClone() ?? [];
        config["architecture"] = architecture;
        config["d_in"] = dictionary.InputWidth;
        config["d_sae"] = dictionary.Width;
        config["dtype"] = "float32";
        config["device"] = "cpu";
        config["apply_b_dec_to_input"] = info.SubtractsDecoderBias;
        config["normalize_activations"] = info.LacksInputScale ? "expected_average_only_in" : info.Normalisation switch
        {
            InputNormalisation.ConstantNorm => "constant_norm_rescale",
            InputNormalisation.LayerNorm => "layer_norm",
            _ => "none",
        };
        config["reshape_activations"] = info.FlattensHeads ? "hook_z" : "none";
        Set(config, "k", info.Architecture == DictionaryArchitecture.TopK ? (long)info.ActiveCount : null);
        Set(config, "rescale_acts_by_decoder_norm", info.Architecture == DictionaryArchitecture.TopK ? info.RescalesByDecoderNorm : null);
        Set(config, "d_out", info.IsTranscoder ? dictionary.OutputWidth : null);
        WriteMetadata(config, info, hash);
        return config;
    }

    private static void WriteMetadata(JsonObject config, DictionaryInfo info, string hash)
    {
        var metadata = ConfigJson.Child(config, "metadata") ?? [];
        metadata["sae_lens_version"] ??= WrittenVersion;
        metadata["model_name"] = info.ModelName;
        metadata["hook_name"] = info.HookName;
        Set(metadata, "hook_name_out", info.OutputHookName);
        metadata["context_size"] = info.ContextLength;
        metadata["prepend_bos"] = info.PrependsBegin;
        var own = ConfigJson.Child(metadata, "interp") ?? [];
        own["weights_sha256"] = hash;
        Set(own, "nested_widths", info.NestedWidths is { } widths ? new JsonArray([.. widths.Select(width => (JsonNode)width)]) : null);
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
    }

    private static TrainingRecord? ReadTraining(JsonObject? own) =>
        ConfigJson.Value<long>(own, "seed") is { } seed && ConfigJson.Value<double>(own, "held_out_fraction") is { } share && ConfigJson.Value<long>(own, "rows") is { } rows
        && ConfigJson.Text(own, "activations") is { } fingerprint && ConfigJson.Value<double>(own, "input_scale") is { } scale
            ? new TrainingRecord(seed, share, rows, fingerprint, scale)
            : null;

    private static void Set(JsonObject config, string key, JsonNode? value)
    {
        if (value is null)
        {
            _ = config.Remove(key);
        }
        else
        {
            config[key] = value;
        }
    }

    private static void Rename(JsonObject config, string from, string to)
    {
        if (config[from] is { } value && config[to] is null)
        {
            config[to] = value.DeepClone();
        }
    }
}
