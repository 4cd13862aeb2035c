using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>
/// OpenAI's GPT-2 autoencoders, one <c>.pt</c> file each: <c>pre_bias</c>, <c>encoder.weight</c> [n, d], <c>latent_bias</c>, <c>decoder.weight</c>
/// [d, n] (absent where tied). TopK files normalise each row and restore it, ReLU files do not.
/// </summary>
/// <remarks>Semantics after openai/sparse_autoencoder, model.py.</remarks>
internal static class OpenAiFile
{
    public static bool Matches(string path)
    {
        if (FileOf(path) is not { } file)
        {
            return false;
        }

        using var opened = TorchFile.Open(file);
        return opened.Values.ContainsKey("pre_bias") && opened.Values.ContainsKey("latent_bias");
    }

    public static SparseAutoencoder Read(string path)
    {
        using var file = TorchFile.Open(FileOf(path)!);
        var encoder = file.Read("encoder.weight", ScalarType.Float32);
        var parts = new DictionaryParts(file.Path)
        {
            Encoder = encoder.t(),
            EncoderBias = file.Read("latent_bias", ScalarType.Float32),
            Decoder = file.Values.ContainsKey("decoder.weight") ? file.Read("decoder.weight", ScalarType.Float32).t().contiguous() : encoder,
            DecoderBias = file.Read("pre_bias", ScalarType.Float32),
        };
        var activation = file.Values.GetValueOrDefault("activation") as string ?? "ReLU";
        var state = file.Values.GetValueOrDefault("activation_state_dict") as IReadOnlyDictionary<string, object?>;
        var info = new DictionaryInfo { Architecture = DictionaryArchitecture.Standard, ModelName = "gpt2", Format = DictionaryFormat.OpenAi };
        return parts.Build(activation switch
        {
            "ReLU" => info,
            "TopK" => info with
            {
                Architecture = DictionaryArchitecture.TopK,
                ActiveCount = state?.GetValueOrDefault("k") is long k and > 0 ? k : throw new InterpException($"{file.Path}: activation_state_dict should give k"),
                RectifiesCodes = state.GetValueOrDefault("postact_fn") as string is not "Identity",
                Normalisation = InputNormalisation.LayerNorm,
            },
            _ => throw new InterpException($"{file.Path}: activation {activation} is not supported; use ReLU or TopK"),
        });
    }

    /// <summary>The file itself, or the only <c>.pt</c> of a folder.</summary>
    private static string? FileOf(string path)
    {
        if (File.Exists(path))
        {
            return path.EndsWith(".pt", StringComparison.OrdinalIgnoreCase) ? path : null;
        }

        string[] files = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.pt").Take(2)] : [];
        return files is [var only] ? only : null;
    }
}
