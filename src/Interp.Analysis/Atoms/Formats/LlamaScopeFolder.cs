using System.Globalization;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>
/// Llama Scope's layout: <c>hyperparams.json</c> and <c>checkpoints/final.safetensors</c>, with one threshold for all latents in units of the
/// unscaled input; and its R1-Distill successor, <c>config.json</c> and <c>sae_weights.safetensors</c> with the logarithms of thresholds.
/// </summary>
/// <remarks>Source: He et al., arXiv 2410.20526, and the published files.</remarks>
internal static class LlamaScopeFolder
{
    private const string Hyperparameters = "hyperparams.json";
    private const string Config = "config.json";
    private const string DistilledWeights = "sae_weights.safetensors";

    private static readonly string[] s_names = ["encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias"];

    public static bool Matches(string path) => File.Exists(Path.Combine(path, Hyperparameters)) && File.Exists(WeightsOf(path));

    public static bool MatchesDistilled(string path)
    {
        var weights = Path.Combine(path, DistilledWeights);
        if (!File.Exists(weights) || !File.Exists(Path.Combine(path, Config)))
        {
            return false;
        }

        using var file = SafetensorsFile.Open(weights);
        return file.Entries.ContainsKey("encoder.weight");
    }

    public static SparseAutoencoder Read(string folder)
    {
        var path = Path.Combine(folder, Hyperparameters);
        var config = ConfigJson.Read(path);
        using var file = SafetensorsFile.Open(WeightsOf(folder));
        DictionaryParts.RefuseOthers(file, s_names, "a Llama Scope dictionary");
        var width = ConfigJson.Positive(path, config, "d_model");
        var norms = ConfigJson.Child(config, "dataset_average_activation_norm") ?? throw new InterpException($"{path}: dataset_average_activation_norm should give the inputs' mean length");
        var scale = Math.Sqrt(width) / ConfigJson.Positive(path, norms, "in");
        var threshold = ConfigJson.Value<double>(config, "jump_relu_threshold") ?? throw new InterpException($"{path}: jump_relu_threshold should be a number");
        var parts = Parts(file);
        parts.Thresholds = full(parts.EncoderBias.shape[0], threshold * scale, dtype: ScalarType.Float32);
        var info = Info(ConfigJson.Text(config, "hook_point_in"), ConfigJson.Text(config, "hook_point_out"), DictionaryFormat.LlamaScope);
        DictionaryFolds.InputScale(parts, scale, ref info);
        return parts.Build(info with { Conversions = [.. info.Conversions, string.Create(CultureInfo.InvariantCulture, $"threshold {threshold:R} multiplied by the input scale: it is stored in units of the unscaled input")] });
    }

    public static SparseAutoencoder ReadDistilled(string folder)
    {
        var config = ConfigJson.Read(Path.Combine(folder, Config));
        using var file = SafetensorsFile.Open(Path.Combine(folder, DistilledWeights));
        DictionaryParts.RefuseOthers(file, [.. s_names, "log_jumprelu_threshold"], "a Llama Scope R1-Distill dictionary");
        var parts = Parts(file);
        parts.Thresholds = file.Read("log_jumprelu_threshold", ScalarType.Float32).exp();
        var info = Info(ConfigJson.Text(config, "hook_point_in"), ConfigJson.Text(config, "hook_point_out"), DictionaryFormat.LlamaScopeR1);
        var norm = ConfigJson.Value<double>(ConfigJson.Child(config, "dataset_average_activation_norm"), "in");
        if (norm is > 0)
        {
            DictionaryFolds.InputScale(parts, Math.Sqrt(parts.Encoder.shape[0]) / norm.Value, ref info);
        }

        return parts.Build(info with { LacksInputScale = norm is not > 0 });
    }

    private static DictionaryParts Parts(SafetensorsFile file) => new(file.Path)
    {
        Encoder = file.Read("encoder.weight", ScalarType.Float32).t(),
        EncoderBias = file.Read("encoder.bias", ScalarType.Float32),
        Decoder = file.Read("decoder.weight", ScalarType.Float32).t().contiguous(),
        DecoderBias = file.Read("decoder.bias", ScalarType.Float32),
    };

    private static DictionaryInfo Info(string? input, string? output, DictionaryFormat format) => new()
    {
        SubtractsDecoderBias = false,
        HookName = input,
        OutputHookName = output == input ? null : output,
        IsTranscoder = output is not null && output != input,
        ContextLength = 1024,
        PrependsBegin = true,
        Format = format,
    };

    private static string WeightsOf(string folder) => Path.Combine(folder, "checkpoints", "final.safetensors");
}
