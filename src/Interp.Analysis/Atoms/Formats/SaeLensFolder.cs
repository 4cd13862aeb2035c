using System.Text.Json.Nodes;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>
/// SAELens's layout: <c>cfg.json</c> and <c>sae_weights.safetensors</c>. Read are version 6, its training checkpoints, and the older flat
/// configurations.
/// </summary>
/// <remarks>Semantics after SAELens 6.18 (sae_lens/saes).</remarks>
internal static class SaeLensFolder
{
    public const string ConfigFile = "cfg.json";
    public const string WeightsFile = "sae_weights.safetensors";

    private const string ScalerFile = "activation_scaler.json";

    public static bool Matches(string path) => File.Exists(Path.Combine(path, ConfigFile)) && File.Exists(Path.Combine(path, WeightsFile));

    public static SparseAutoencoder Read(string folder)
    {
        var path = Path.Combine(folder, ConfigFile);
        var weights = Path.Combine(folder, WeightsFile);
        var config = ConfigJson.Read(path);
        var isLegacy = SaeLensConfig.IsLegacy(config);
        if (isLegacy)
        {
            SaeLensConfig.Modernise(path, config);
        }

        if (ConfigJson.Text(ConfigJson.Child(config, "metadata", "interp"), "weights_sha256") is { } expected && expected != FileHash.Sha256(weights))
        {
            throw new InterpException($"{weights}: is not the file that {ConfigFile} describes (its SHA-256 differs); write or copy the dictionary again");
        }

        using var opened = SafetensorsFile.Open(weights);
        var info = SaeLensConfig.Info(path, config, isLegacy);
        var parts = ReadParts(opened, config, ref info);
        info = Fold(folder, config, parts, info);
        var dictionary = parts.Build(info);
        if (SizesOf(config) is var (input, width) && ((input is not null && input != dictionary.InputWidth) || (width is not null && width != dictionary.Width)))
        {
            var found = $"[{dictionary.InputWidth}, {dictionary.Width}]";
            dictionary.Dispose();
            throw new InterpException($"{weights}: [d_in, d_sae] are {found}, but {ConfigFile} says [{config["d_in"]}, {config["d_sae"]}]");
        }

        return dictionary;
    }

    public static void Write(string folder, SparseAutoencoder dictionary)
    {
        var architecture = SaeLensConfig.ArchitectureOf(dictionary);
        var tensors = new Dictionary<string, Tensor>
        {
            ["W_enc"] = dictionary.EncoderWeights,
            [dictionary.Gate is null ? "b_enc" : "b_mag"] = dictionary.EncoderBias,
            ["W_dec"] = dictionary.DecoderDirections,
            ["b_dec"] = dictionary.DecoderBias,
        };
        var others = new[] { ("threshold", dictionary.Thresholds), ("b_gate", dictionary.Gate?.Bias), ("r_mag", dictionary.Gate?.MagnitudeScale), ("W_skip", dictionary.SkipWeights) };
        foreach (var (name, tensor) in others)
        {
            if (tensor is not null)
            {
                tensors[name] = tensor;
            }
        }

        var weights = Path.Combine(folder, WeightsFile);
        SafetensorsWriter.Write(weights, tensors);
        ConfigJson.Write(Path.Combine(folder, ConfigFile), SaeLensConfig.Write(dictionary, architecture, FileHash.Sha256(weights)));
    }

    private static DictionaryParts ReadParts(SafetensorsFile file, JsonObject config, ref DictionaryInfo info)
    {
        var name = ConfigJson.Text(config, "architecture")!;
        var isGated = info.Architecture == DictionaryArchitecture.Gated;
        var rounding = SaeLensConfig.Rounding(config);
        Tensor Get(string tensor) => rounding is { } narrow ? file.Read(tensor, narrow).to(ScalarType.Float32) : file.Read(tensor, ScalarType.Float32);
        List<string> names = isGated ? ["W_enc", "b_mag", "W_dec", "b_dec", "b_gate", "r_mag"] : ["W_enc", "b_enc", "W_dec", "b_dec"];
        var isBatch = name is "batchtopk" or "matryoshka_batchtopk";
        if (info.Architecture == DictionaryArchitecture.JumpRelu)
        {
            names.Add(isBatch ? "topk_threshold" : "threshold");
        }

        if (name.Contains("skip", StringComparison.Ordinal))
        {
            names.Add("W_skip");
        }

        DictionaryParts.RefuseOthers(file, [.. names, "scaling_factor"], $"a {name} dictionary");
        var parts = new DictionaryParts(file.Path)
        {
            Encoder = Get("W_enc"),
            EncoderBias = Get(isGated ? "b_mag" : "b_enc"),
            Decoder = Get("W_dec"),
            DecoderBias = Get("b_dec"),
            Gate = isGated ? new DictionaryGate(Get("b_gate"), Get("r_mag")) : null,
            Skip = names.Contains("W_skip") ? Get("W_skip") : null,
        };
        if (names.Contains("threshold"))
        {
            parts.Thresholds = Get("threshold");
        }
        else if (isBatch)
        {
            parts.Thresholds = full(parts.EncoderBias.shape[0], file.Read("topk_threshold", ScalarType.Float64).reshape(-1)[0].item<double>(), dtype: ScalarType.Float32);
            info = info with { Conversions = [.. info.Conversions, $"{name}: codes are selected by the threshold that training tracked, not by the batch"] };
        }

        ApplyScalingFactor(file, config, parts);
        return parts;
    }

    /// <summary>The fine-tuning scale of older files: none, or one that multiplies the codes before decoding.</summary>
    private static void ApplyScalingFactor(SafetensorsFile file, JsonObject config, DictionaryParts parts)
    {
        if (!file.Entries.ContainsKey("scaling_factor"))
        {
            return;
        }

        var factor = file.Read("scaling_factor", ScalarType.Float32);
        if (factor.eq(1).all().item<bool>())
        {
            return;
        }

        if (ConfigJson.Value<bool>(config, "finetuning_scaling_factor") != true)
        {
            throw new InterpException($"{file.Path}: holds a scaling_factor other than 1 that {ConfigFile} does not ask for (finetuning_scaling_factor); set it, or remove the tensor");
        }

        parts.Decoder = parts.Decoder * factor.reshape(-1, 1);
    }

    /// <summary>Folds what training kept outside the weights: the input scale and, for batch-wise selection, the decoder's lengths.</summary>
    private static DictionaryInfo Fold(string folder, JsonObject config, DictionaryParts parts, DictionaryInfo info)
    {
        if (ConfigJson.Value<double>(ConfigJson.TryRead(Path.Combine(folder, ScalerFile)), "scaling_factor") is { } scale)
        {
            DictionaryFolds.InputScale(parts, scale, ref info);
            info = info with { LacksInputScale = false };
        }

        if (info.RescalesByDecoderNorm && info.Architecture == DictionaryArchitecture.JumpRelu)
        {
            DictionaryFolds.DecoderNorms(parts);
            info = info with { RescalesByDecoderNorm = false, Conversions = [.. info.Conversions, "directions brought to unit length, as saving for inference does"] };
        }

        return info;
    }

    private static (int? Input, int? Width) SizesOf(JsonObject config) => (ConfigJson.Value<int>(config, "d_in"), ConfigJson.Value<int>(config, "d_sae"));
}
