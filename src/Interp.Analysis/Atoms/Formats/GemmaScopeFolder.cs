using System.Globalization;
using System.Text.RegularExpressions;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>
/// Gemma Scope 1's layout: <c>params.npz</c> with <c>W_enc</c> [d_in, d_sae], <c>W_dec</c> [d_sae, d_out], <c>b_enc</c>, <c>b_dec</c>,
/// <c>threshold</c>, in either case. Model and site are told by the repository's name and the path alone.
/// </summary>
/// <remarks>Source: Lieberum et al., arXiv 2408.05147, and the published files.</remarks>
internal static partial class GemmaScopeFolder
{
    private const string File = "params.npz";

    private static readonly string[] s_names = ["W_enc", "W_dec", "b_enc", "b_dec", "threshold"];

    public static bool Matches(string path) => System.IO.File.Exists(FileOf(path));

    public static SparseAutoencoder Read(string path)
    {
        using var file = NpzFile.Open(FileOf(path));
        string Name(string wanted) => file.Names.FirstOrDefault(name => name.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            ?? throw new InterpException($"{file.Path}: has no array {wanted}, only {string.Join(", ", file.Names)}; a Gemma Scope file has {string.Join(", ", s_names)}");
        if (file.Names.FirstOrDefault(name => !s_names.Append("scaling_factor").Contains(name, StringComparer.OrdinalIgnoreCase)) is { } stray)
        {
            throw new InterpException($"{file.Path}: holds {stray}, which a Gemma Scope dictionary does not have");
        }

        Tensor Get(string name) => file.Read(Name(name), ScalarType.Float32);
        var parts = new DictionaryParts(file.Path)
        {
            Encoder = Get("W_enc"),
            EncoderBias = Get("b_enc"),
            Decoder = Get("W_dec"),
            DecoderBias = Get("b_dec"),
            Thresholds = Get("threshold"),
        };
        var site = Site(Path.GetFullPath(file.Path));
        var isTranscoder = site.Output is not null || parts.Encoder.shape[0] != parts.DecoderBias.shape[0];
        if (site.Input == "hook_embed")
        {
            var root = Math.Sqrt(parts.Encoder.shape[0]);
            parts.Encoder = parts.Encoder / root;
            parts.Decoder = parts.Decoder * root;
        }

        return parts.Build(new DictionaryInfo
        {
            SubtractsDecoderBias = false,
            IsTranscoder = isTranscoder,
            ModelName = site.Model,
            HookName = site.Input,
            OutputHookName = site.Output,
            FlattensHeads = site.Input?.EndsWith("hook_z", StringComparison.Ordinal) == true,
            InputIncludesNormGain = isTranscoder ? false : null,
            ContextLength = site.Model is null ? null : 1024,
            PrependsBegin = site.Model is null ? null : true,
            Conversions = site.Input == "hook_embed" ? ["embedding: W_enc divided and W_dec multiplied by √d, which the model's embedding is scaled by"] : [],
            Format = DictionaryFormat.GemmaScope,
        });
    }

    public static void Write(string folder, SparseAutoencoder dictionary)
    {
        var info = dictionary.Info;
        if (info.Architecture is not (DictionaryArchitecture.JumpRelu or DictionaryArchitecture.Standard or DictionaryArchitecture.Gated)
            || info.Normalisation != InputNormalisation.None || dictionary.SkipWeights is not null || !info.RectifiesCodes)
        {
            throw new InterpException("Gemma Scope's layout holds dictionaries with thresholds, without a skip connection or input normalisation: convert to saelens or sparsify instead");
        }

        var parts = DictionaryParts.Of(dictionary, folder);
        if (info.SubtractsDecoderBias)
        {
            DictionaryFolds.DropInputBias(parts);
        }

        if (parts.Gate is not null)
        {
            DictionaryFolds.GateToThresholds(parts);
        }

        NpzWriter.Write(
            Path.Combine(folder, File),
            [("W_enc", parts.Encoder), ("W_dec", parts.Decoder), ("b_enc", parts.EncoderBias), ("b_dec", parts.DecoderBias), ("threshold", parts.Thresholds ?? zeros_like(parts.EncoderBias))]);
    }

    private static string FileOf(string path) => path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? path : Path.Combine(path, File);

    /// <summary>What a path like gemma-scope-2b-pt-res/layer_20/width_16k/average_l0_71/params.npz says.</summary>
    private static (string? Model, string? Input, string? Output) Site(string path)
    {
        var match = Repository().Match(path.Replace('\\', '/'));
        if (!match.Success)
        {
            return (null, null, null);
        }

        var model = $"gemma-2-{match.Groups["size"].Value}{(match.Groups["tuned"].Value == "it" ? "-it" : "")}";
        if (match.Groups["layer"].Value is not { Length: > 0 } text)
        {
            return (model, path.Contains("/embedding/", StringComparison.Ordinal) ? "hook_embed" : null, null);
        }

        var block = $"blocks.{int.Parse(text, CultureInfo.InvariantCulture)}";
        return match.Groups["site"].Value switch
        {
            "res" => (model, $"{block}.hook_resid_post", null),
            "mlp" => (model, $"{block}.hook_mlp_out", null),
            "att" => (model, $"{block}.attn.hook_z", null),
            _ => (model, $"{block}.ln2.hook_normalized", $"{block}.hook_mlp_out"),
        };
    }

    [GeneratedRegex(@"gemma-scope-(?<size>\d+b)-(?<tuned>pt|it)-(?<site>res|mlp|att|transcoders)/(?:.*/)?(?:layer_(?<layer>\d+)|embedding)/")]
    private static partial Regex Repository();
}
