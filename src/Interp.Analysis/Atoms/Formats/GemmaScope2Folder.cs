using System.Globalization;
using System.Text.RegularExpressions;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>
/// Gemma Scope 2's layout: <c>params.safetensors</c> with lower-case names, usually with <c>config.json</c>. The skip connection is stored
/// [d_in, d_out] and applied as x·A.
/// </summary>
internal static partial class GemmaScope2Folder
{
    private const string Weights = "params.safetensors";

    public static bool Matches(string path)
    {
        var file = Path.Combine(path, Weights);
        if (!File.Exists(file))
        {
            return false;
        }

        using var opened = SafetensorsFile.Open(file);
        return opened.Entries.ContainsKey("w_enc");
    }

    public static SparseAutoencoder Read(string folder)
    {
        using var file = SafetensorsFile.Open(Path.Combine(folder, Weights));
        DictionaryParts.RefuseOthers(file, ["w_enc", "w_dec", "b_enc", "b_dec", "threshold", "affine_skip_connection"], "a Gemma Scope 2 dictionary");
        if (file.Entries["w_enc"].Shape.Count != 2 || (file.Entries.TryGetValue("w_dec", out var decoder) && decoder.Shape.Count != 2))
        {
            throw new InterpException($"{file.Path}: its decoder writes several layers (a cross-layer transcoder), which is not read as one dictionary");
        }

        var config = ConfigJson.TryRead(Path.Combine(folder, "config.json"));
        Tensor Get(string name) => file.Read(name, ScalarType.Float32);
        var parts = new DictionaryParts(file.Path)
        {
            Encoder = Get("w_enc"),
            EncoderBias = Get("b_enc"),
            Decoder = Get("w_dec"),
            DecoderBias = Get("b_dec"),
            Thresholds = Get("threshold"),
            Skip = file.Entries.ContainsKey("affine_skip_connection") ? Get("affine_skip_connection").t().contiguous() : null,
        };
        var (input, output) = Hooks(ConfigJson.Text(config, "hf_hook_point_in"), ConfigJson.Text(config, "hf_hook_point_out"), folder);
        var isTranscoder = parts.Skip is not null || parts.Encoder.shape[0] != parts.DecoderBias.shape[0] || output is not null;
        return parts.Build(new DictionaryInfo
        {
            SubtractsDecoderBias = false,
            IsTranscoder = isTranscoder,
            ModelName = ConfigJson.Text(config, "model_name"),
            HookName = input,
            OutputHookName = output,
            FlattensHeads = input?.EndsWith("hook_z", StringComparison.Ordinal) == true,
            InputIncludesNormGain = isTranscoder ? true : null,
            Format = DictionaryFormat.GemmaScope2,
        });
    }

    /// <summary>The hooks under our names, from the configuration or else from the folder.</summary>
    private static (string? Input, string? Output) Hooks(string? input, string? output, string folder)
    {
        var match = Layer().Match(input ?? "");
        if (!match.Success)
        {
            match = Folder().Match(Path.GetFullPath(folder).Replace('\\', '/'));
            return match.Success ? Named(match.Groups["site"].Value, match.Groups["layer"].Value) : (null, null);
        }

        var site = input!.EndsWith("self_attn.o_proj.input", StringComparison.Ordinal) ? "attn_out"
            : input.EndsWith("pre_feedforward_layernorm.output", StringComparison.Ordinal) && output != input ? "transcoder"
            : input.EndsWith("post_feedforward_layernorm.output", StringComparison.Ordinal) ? "mlp_out"
            : "resid_post";
        return Named(site, match.Groups["layer"].Value);
    }

    private static (string? Input, string? Output) Named(string site, string layer)
    {
        var block = $"blocks.{int.Parse(layer, CultureInfo.InvariantCulture)}";
        return site switch
        {
            "resid_post" => ($"{block}.hook_resid_post", null),
            "attn_out" => ($"{block}.attn.hook_z", null),
            "mlp_out" => ($"{block}.hook_mlp_out", null),
            _ => ($"{block}.ln2.hook_normalized", $"{block}.hook_mlp_out"),
        };
    }

    [GeneratedRegex(@"layers\.(?<layer>\d+)\.")]
    private static partial Regex Layer();

    [GeneratedRegex(@"(?<site>resid_post|attn_out|mlp_out|transcoder)(?:_all)?/layer_(?<layer>\d+)_width_")]
    private static partial Regex Folder();
}
