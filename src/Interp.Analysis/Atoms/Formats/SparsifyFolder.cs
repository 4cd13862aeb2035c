using System.Text.Json.Nodes;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>
/// sparsify's layout, one folder a hook point: <c>cfg.json</c> and <c>sae.safetensors</c> with <c>encoder.weight</c> [d_sae, d_in],
/// <c>encoder.bias</c>, <c>W_dec</c> [d_sae, d_in], <c>b_dec</c>, and for skip transcoders <c>W_skip</c>.
/// </summary>
/// <remarks>Semantics after EleutherAI/sparsify, sparse_coder.py: the decoder bias is subtracted unless it transcodes.</remarks>
internal static class SparsifyFolder
{
    private const string Config = "cfg.json";
    private const string Weights = "sae.safetensors";

    public static bool Matches(string path) => File.Exists(Path.Combine(path, Config)) && File.Exists(Path.Combine(path, Weights));

    public static SparseAutoencoder Read(string folder)
    {
        var path = Path.Combine(folder, Config);
        var config = ConfigJson.Read(path);
        using var file = SafetensorsFile.Open(Path.Combine(folder, Weights));
        DictionaryParts.RefuseOthers(file, ["encoder.weight", "encoder.bias", "W_dec", "b_dec", "W_skip"], "a sparsify dictionary");
        var activation = ConfigJson.Text(config, "activation") ?? "topk";
        var transcodes = ConfigJson.Switch(path, config, "transcode", otherwise: false);
        var parts = new DictionaryParts(file.Path)
        {
            Encoder = file.Read("encoder.weight", ScalarType.Float32).t(),
            EncoderBias = file.Read("encoder.bias", ScalarType.Float32),
            Decoder = file.Read("W_dec", ScalarType.Float32),
            DecoderBias = file.Read("b_dec", ScalarType.Float32),
            Skip = file.Entries.ContainsKey("W_skip") ? file.Read("W_skip", ScalarType.Float32) : null,
        };
        var dictionary = parts.Build(new DictionaryInfo
        {
            Architecture = activation switch
            {
                "topk" => DictionaryArchitecture.TopK,
                "groupmax" => DictionaryArchitecture.GroupMax,
                _ => throw new InterpException($"{path}: activation {activation} is not supported; use topk or groupmax"),
            },
            ActiveCount = ConfigJson.Positive(path, config, "k"),
            SubtractsDecoderBias = !transcodes,
            IsTranscoder = transcodes,
            HookName = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) is var name && IsHookPoint(name) ? name : null,
            Format = DictionaryFormat.Sparsify,
            Source = config,
        });
        if (ConfigJson.Value<int>(config, "num_latents") is { } latents && latents > 0 && latents != dictionary.Width)
        {
            var found = dictionary.Width;
            dictionary.Dispose();
            throw new InterpException($"{file.Path}: holds {found} latents, but {Config} says num_latents {latents}");
        }

        return dictionary;
    }

    public static void Write(string folder, SparseAutoencoder dictionary)
    {
        var info = dictionary.Info;
        if (info.Architecture is not (DictionaryArchitecture.TopK or DictionaryArchitecture.GroupMax))
        {
            throw new InterpException($"sparsify has no {info.Architecture} dictionaries, only TopK ones: convert to saelens instead");
        }

        if (info.Normalisation != InputNormalisation.None || dictionary.InputWidth != dictionary.OutputWidth || !info.RectifiesCodes)
        {
            throw new InterpException("sparsify's dictionaries normalise no input, rectify their codes, and write as wide a hook as they read: convert to saelens instead");
        }

        var parts = DictionaryParts.Of(dictionary, folder);
        if (info.RescalesByDecoderNorm)
        {
            DictionaryFolds.DecoderNorms(parts);
        }

        if (info.SubtractsDecoderBias == info.IsTranscoder)
        {
            (info.IsTranscoder ? (Action<DictionaryParts>)DictionaryFolds.DropInputBias : DictionaryFolds.AddInputBias)(parts);
        }

        var tensors = new Dictionary<string, Tensor>
        {
            ["encoder.weight"] = parts.Encoder.t(),
            ["encoder.bias"] = parts.EncoderBias,
            ["W_dec"] = parts.Decoder,
            ["b_dec"] = parts.DecoderBias,
        };
        if (parts.Skip is not null)
        {
            tensors["W_skip"] = parts.Skip;
        }

        SafetensorsWriter.Write(Path.Combine(folder, Weights), tensors);
        ConfigJson.Write(Path.Combine(folder, Config), ConfigOf(dictionary));
    }

    private static JsonObject ConfigOf(SparseAutoencoder dictionary)
    {
        var info = dictionary.Info;
        var config = info.Format == DictionaryFormat.Sparsify ? (JsonObject?)info.Source?.DeepClone() ?? [] : [];
        config["activation"] = info.Architecture == DictionaryArchitecture.TopK ? "topk" : "groupmax";
        config["expansion_factor"] ??= Math.Max(1, dictionary.Width / dictionary.InputWidth);
        config["normalize_decoder"] ??= true;
        config["num_latents"] = dictionary.Width;
        config["k"] = (long)info.ActiveCount;
        config["multi_topk"] ??= false;
        config["skip_connection"] = dictionary.SkipWeights is not null;
        config["transcode"] = info.IsTranscoder;
        config["d_in"] = dictionary.InputWidth;
        return config;
    }

    /// <summary>Folders are named after modules: "layers.10", "layers.10.mlp", "embed_tokens".</summary>
    private static bool IsHookPoint(string name) => name.StartsWith("layers.", StringComparison.Ordinal) || name.StartsWith("h.", StringComparison.Ordinal) || name == "embed_tokens";
}
