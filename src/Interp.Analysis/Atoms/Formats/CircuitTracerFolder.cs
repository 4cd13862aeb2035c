using System.Globalization;
using System.Text;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>
/// circuit-tracer's layout of one transcoder a layer: <c>layer_N.safetensors</c> with <c>W_enc</c> [d_sae, d_in], <c>W_dec</c> [d_sae, d_out],
/// biases, and where there are thresholds <c>activation_function.threshold</c>; beside it <c>config.yaml</c>.
/// </summary>
/// <remarks>Semantics after circuit-tracer, single_layer_transcoder.py. A folder of several layers is a set: give one file of it.</remarks>
internal static class CircuitTracerFolder
{
    private const string Config = "config.yaml";
    private const string Thresholds = "activation_function.threshold";

    public static bool Matches(string path) => FileOf(path) is not null;

    public static SparseAutoencoder Read(string path)
    {
        using var file = SafetensorsFile.Open(FileOf(path)!);
        DictionaryParts.RefuseOthers(file, ["W_enc", "W_dec", "b_enc", "b_dec", Thresholds, "k", "W_skip"], "a circuit-tracer transcoder");
        var config = PlainYaml.TryRead(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, Config));
        Tensor Get(string name) => file.Read(name, ScalarType.Float32);
        var asked = config.GetValueOrDefault("activation");
        var jumps = file.Entries.ContainsKey(Thresholds) && asked is null or "jumprelu" or "jump_relu";
        var k = file.Entries.ContainsKey("k") ? Get("k").reshape(-1)[0].item<float>()
            : double.TryParse(config.GetValueOrDefault("k"), NumberStyles.Float, CultureInfo.InvariantCulture, out var written) ? written : 0;
        var isTopK = asked == "topk" || (asked is null && !jumps && k > 0);
        if (isTopK && k < 1)
        {
            throw new InterpException($"{file.Path}: is a topk transcoder, but neither it nor {Config} gives k");
        }

        var parts = new DictionaryParts(file.Path)
        {
            Encoder = Get("W_enc").t(),
            EncoderBias = Get("b_enc"),
            Decoder = Get("W_dec"),
            DecoderBias = Get("b_dec"),
            Thresholds = jumps ? Get(Thresholds).reshape(-1) : null,
            Skip = file.Entries.ContainsKey("W_skip") ? Get("W_skip") : null,
        };
        var layer = LayerOf(file.Path);
        string? Hook(string key) => config.GetValueOrDefault(key) is { } suffix && layer is { } number ? string.Create(CultureInfo.InvariantCulture, $"blocks.{number}.{suffix}") : null;
        return parts.Build(new DictionaryInfo
        {
            Architecture = jumps ? DictionaryArchitecture.JumpRelu : isTopK ? DictionaryArchitecture.TopK : DictionaryArchitecture.Standard,
            ActiveCount = isTopK ? k : 0,
            RectifiesCodes = !jumps,
            SubtractsDecoderBias = false,
            IsTranscoder = true,
            ModelName = config.GetValueOrDefault("model_name"),
            HookName = Hook("feature_input_hook"),
            OutputHookName = Hook("feature_output_hook"),
            Format = DictionaryFormat.CircuitTracer,
        });
    }

    public static void Write(string folder, SparseAutoencoder dictionary)
    {
        var info = dictionary.Info;
        if (!info.IsTranscoder || info.Normalisation != InputNormalisation.None || info.RescalesByDecoderNorm
            || info.Architecture is not (DictionaryArchitecture.Standard or DictionaryArchitecture.JumpRelu or DictionaryArchitecture.TopK))
        {
            throw new InterpException("circuit-tracer's layout holds ReLU, JumpReLU and TopK transcoders without input normalisation: convert to saelens instead");
        }

        var parts = DictionaryParts.Of(dictionary, folder);
        var tensors = new Dictionary<string, Tensor> { ["W_enc"] = parts.Encoder.t(), ["W_dec"] = parts.Decoder, ["b_enc"] = parts.EncoderBias, ["b_dec"] = parts.DecoderBias };
        if (parts.Thresholds is not null)
        {
            tensors[Thresholds] = parts.Thresholds;
        }

        if (parts.Skip is not null)
        {
            tensors["W_skip"] = parts.Skip;
        }

        var (layer, input) = Split(info.HookName);
        SafetensorsWriter.Write(Path.Combine(folder, $"layer_{layer}.safetensors"), tensors);
        var yaml = new StringBuilder();
        void Line(string key, string? value) => _ = value is null ? yaml : yaml.Append(key).Append(": ").Append(PlainYaml.Quote(value)).Append('\n');
        Line("model_name", info.ModelName);
        Line("model_kind", "transcoder_set");
        Line("feature_input_hook", input);
        Line("feature_output_hook", Split(info.OutputHookName).Suffix);
        if (info.Architecture == DictionaryArchitecture.TopK)
        {
            Line("activation", "topk");
            Line("k", info.ActiveCount.ToString(CultureInfo.InvariantCulture));
        }

        PlainYaml.Write(Path.Combine(folder, Config), yaml.ToString());
    }

    private static string? FileOf(string path)
    {
        string[] files = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "layer_*.safetensors").Take(2)]
            : Path.GetFileName(path).StartsWith("layer_", StringComparison.Ordinal) && path.EndsWith(".safetensors", StringComparison.Ordinal) && File.Exists(path) ? [path] : [];
        if (files is not [var only] || LayerOf(only) is null)
        {
            return null;
        }

        using var file = SafetensorsFile.Open(only);
        return file.Entries.ContainsKey("W_enc") && file.Entries.ContainsKey("W_dec") ? only : null;
    }

    private static int? LayerOf(string path) =>
        int.TryParse(Path.GetFileNameWithoutExtension(path)["layer_".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : null;

    private static (int Layer, string? Suffix) Split(string? hook)
    {
        var parts = hook?.Split('.', 3);
        return parts is ["blocks", var number, var suffix] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? (layer, suffix) : (0, hook);
    }
}
