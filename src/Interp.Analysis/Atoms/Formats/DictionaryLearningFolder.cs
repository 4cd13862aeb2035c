using System.Globalization;
using System.Text.Json.Nodes;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>
/// dictionary_learning's layout: <c>ae.pt</c> and, beside it, <c>config.json</c> with a <c>trainer</c>. The class is the configuration's, or
/// told by the tensors' names.
/// </summary>
/// <remarks>Semantics after saprmarks/dictionary_learning, dictionary.py and trainers/.</remarks>
internal static class DictionaryLearningFolder
{
    private const string Weights = "ae.pt";
    private const string Config = "config.json";

    public static bool Matches(string path)
    {
        if (FileOf(path) is not { } file)
        {
            return false;
        }

        using var opened = TorchFile.Open(file);
        return ClassByKeys(opened) is not null;
    }

    public static SparseAutoencoder Read(string path)
    {
        using var file = TorchFile.Open(FileOf(path)!);
        var config = ConfigJson.TryRead(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, Config));
        var trainer = ConfigJson.Child(config, "trainer");
        var kind = ConfigJson.Text(trainer, "dict_class") ?? ClassByKeys(file)!;
        var (parts, info) = ReadClass(file, kind);
        var width = parts.EncoderBias.shape[0];
        if (ConfigJson.Value<long>(trainer, "dict_size") is { } wanted && wanted != width)
        {
            throw new InterpException($"{file.Path}: holds {width} latents, but {Config} says dict_size {wanted}");
        }

        return parts.Build(info with
        {
            ModelName = ConfigJson.Text(trainer, "lm_name"),
            HookName = HookOf(trainer),
            ContextLength = ConfigJson.Value<int>(ConfigJson.Child(config, "buffer"), "ctx_len"),
            Format = DictionaryFormat.DictionaryLearning,
            Source = config,
        });
    }

    public static void Write(string folder, SparseAutoencoder dictionary)
    {
        var info = dictionary.Info;
        if (info.IsTranscoder || info.Normalisation != InputNormalisation.None || info.RescalesByDecoderNorm || !info.RectifiesCodes)
        {
            throw new InterpException("dictionary_learning's layout holds autoencoders without input normalisation, not transcoders: convert to saelens instead");
        }

        var parts = DictionaryParts.Of(dictionary, folder);
        var kind = ClassOf(info, parts.Thresholds is { } thresholds && thresholds.min().item<float>() is >= 0 and var least && least == thresholds.max().item<float>());
        var subtracts = kind is not ("AutoEncoderNew" or "JumpReluAutoEncoder");
        if (subtracts != info.SubtractsDecoderBias)
        {
            (subtracts ? (Action<DictionaryParts>)DictionaryFolds.AddInputBias : DictionaryFolds.DropInputBias)(parts);
        }

        TorchFileWriter.Write(Path.Combine(folder, Weights), TensorsOf(kind, parts, info));
        var config = info.Format == DictionaryFormat.DictionaryLearning ? (JsonObject?)info.Source?.DeepClone() ?? [] : [];
        var trainer = ConfigJson.Child(config, "trainer") ?? [];
        trainer["dict_class"] = kind;
        trainer["activation_dim"] = dictionary.InputWidth;
        trainer["dict_size"] = dictionary.Width;
        trainer["lm_name"] = info.ModelName;
        trainer["submodule_name"] ??= info.HookName;
        config["trainer"] = trainer.Parent is null ? trainer : trainer.DeepClone();
        if (info.ContextLength is { } context)
        {
            var buffer = ConfigJson.Child(config, "buffer") ?? [];
            buffer["ctx_len"] = context;
            config["buffer"] = buffer.Parent is null ? buffer : buffer.DeepClone();
        }

        ConfigJson.Write(Path.Combine(folder, Config), config);
    }

    private static (DictionaryParts Parts, DictionaryInfo Info) ReadClass(TorchFile file, string kind)
    {
        Tensor Get(string name) => file.Read(name, ScalarType.Float32);
        DictionaryParts Linear(string bias, string decoderBias) => new(file.Path)
        {
            Encoder = Get("encoder.weight").t(),
            EncoderBias = Get(bias),
            Decoder = Get("decoder.weight").t().contiguous(),
            DecoderBias = Get(decoderBias),
        };
        DictionaryParts Plain() => new(file.Path) { Encoder = Get("W_enc"), EncoderBias = Get("b_enc"), Decoder = Get("W_dec"), DecoderBias = Get("b_dec") };
        var info = new DictionaryInfo { Architecture = DictionaryArchitecture.Standard };
        switch (kind)
        {
            case "AutoEncoder":
                return (Linear("encoder.bias", "bias"), info);
            case "AutoEncoderNew":
                return (Linear("encoder.bias", "decoder.bias"), info with { SubtractsDecoderBias = false });
            case "GatedAutoEncoder":
                var gated = Linear("mag_bias", "decoder_bias");
                gated.Gate = new DictionaryGate(Get("gate_bias"), Get("r_mag"));
                return (gated, info with { Architecture = DictionaryArchitecture.Gated });
            case "JumpReluAutoEncoder":
                var jump = Plain();
                jump.Thresholds = Get("threshold");
                return (jump, info with { Architecture = DictionaryArchitecture.JumpRelu, SubtractsDecoderBias = false });
            case "AutoEncoderTopK":
                return (Linear("encoder.bias", "b_dec"), info with { Architecture = DictionaryArchitecture.TopK, ActiveCount = Scalar(file, "k") });
            case "BatchTopKSAE":
                return ByThreshold(file, Linear("encoder.bias", "b_dec"), info);
            case "MatryoshkaBatchTopKSAE":
                using (var sizes = file.Read("group_sizes", ScalarType.Int64))
                {
                    return ByThreshold(file, Plain(), info with { NestedWidths = sizes.cumsum(0).data<long>().ToArray() });
                }

            default:
                throw new InterpException($"{file.Path}: dict_class {kind} is not supported; use AutoEncoder, AutoEncoderNew, GatedAutoEncoder, JumpReluAutoEncoder, AutoEncoderTopK, BatchTopKSAE or MatryoshkaBatchTopKSAE");
        }
    }

    /// <summary>Batch-wise selection encodes by the threshold that training tracked; −1 means that it tracked none.</summary>
    private static (DictionaryParts Parts, DictionaryInfo Info) ByThreshold(TorchFile file, DictionaryParts parts, DictionaryInfo info)
    {
        var threshold = Scalar(file, "threshold");
        if (threshold < 0)
        {
            return (parts, info with
            {
                Architecture = DictionaryArchitecture.BatchTopK,
                ActiveCount = Scalar(file, "k"),
                Warnings = ["its threshold was never estimated: the greatest k codes a row are taken over all rows given at once, so a code depends on the rows beside it"],
            });
        }

        parts.Thresholds = full(parts.EncoderBias.shape[0], threshold, dtype: ScalarType.Float32);
        return (parts, info with { Architecture = DictionaryArchitecture.JumpRelu, ActiveCount = Scalar(file, "k") });
    }

    private static double Scalar(TorchFile file, string name)
    {
        using var value = file.Read(name, ScalarType.Float64);
        return value.numel() == 1 ? value.reshape(-1)[0].item<double>() : throw new InterpException($"{file.Path}: {name} should be one number");
    }

    private static string? ClassByKeys(TorchFile file)
    {
        bool Has(params string[] names) => names.All(file.Values.ContainsKey);
        return Has("group_sizes", "W_enc") ? "MatryoshkaBatchTopKSAE"
            : Has("W_enc", "W_dec", "b_enc", "b_dec", "threshold") ? "JumpReluAutoEncoder"
            : Has("r_mag", "gate_bias", "decoder_bias") ? "GatedAutoEncoder"
            : Has("encoder.weight", "decoder.weight", "b_dec", "k") ? "AutoEncoderTopK"
            : Has("encoder.weight", "decoder.weight", "bias") ? "AutoEncoder"
            : Has("encoder.weight", "decoder.weight", "decoder.bias") ? "AutoEncoderNew"
            : null;
    }

    private static string ClassOf(DictionaryInfo info, bool hasOneThreshold) => info.Architecture switch
    {
        DictionaryArchitecture.Standard => info.SubtractsDecoderBias ? "AutoEncoder" : "AutoEncoderNew",
        DictionaryArchitecture.Gated => "GatedAutoEncoder",
        DictionaryArchitecture.JumpRelu when info.ActiveCount >= 1 && info.SubtractsDecoderBias && hasOneThreshold => info.NestedWidths is null ? "BatchTopKSAE" : "MatryoshkaBatchTopKSAE",
        DictionaryArchitecture.JumpRelu => "JumpReluAutoEncoder",
        DictionaryArchitecture.TopK => "AutoEncoderTopK",
        _ => throw new InterpException($"dictionary_learning has no {info.Architecture} dictionaries: keep this one in its own layout"),
    };

    private static IReadOnlyList<(string Name, Tensor Tensor)> TensorsOf(string kind, DictionaryParts parts, DictionaryInfo info) => kind switch
    {
        "JumpReluAutoEncoder" => [("W_enc", parts.Encoder), ("b_enc", parts.EncoderBias), ("W_dec", parts.Decoder), ("b_dec", parts.DecoderBias), ("threshold", parts.Thresholds!)],
        "GatedAutoEncoder" =>
        [
            ("decoder_bias", parts.DecoderBias), ("r_mag", parts.Gate!.MagnitudeScale), ("gate_bias", parts.Gate.Bias), ("mag_bias", parts.EncoderBias),
            ("encoder.weight", parts.Encoder.t()), ("decoder.weight", parts.Decoder.t()),
        ],
        "MatryoshkaBatchTopKSAE" =>
        [
            ("W_enc", parts.Encoder), ("b_enc", parts.EncoderBias), ("W_dec", parts.Decoder), ("b_dec", parts.DecoderBias), ("k", tensor((int)info.ActiveCount)),
            ("threshold", parts.Thresholds![0]), ("group_sizes", tensor(info.NestedWidths!.Select((width, i) => i == 0 ? width : width - info.NestedWidths![i - 1]).ToArray())),
        ],
        "AutoEncoderTopK" or "BatchTopKSAE" =>
        [
            ("b_dec", parts.DecoderBias), ("k", tensor((int)info.ActiveCount)), ("threshold", parts.Thresholds?[0] ?? tensor(-1f)), ("decoder.weight", parts.Decoder.t()),
            ("encoder.weight", parts.Encoder.t()), ("encoder.bias", parts.EncoderBias),
        ],
        "AutoEncoder" => [("bias", parts.DecoderBias), ("encoder.weight", parts.Encoder.t()), ("encoder.bias", parts.EncoderBias), ("decoder.weight", parts.Decoder.t())],
        _ => [("encoder.weight", parts.Encoder.t()), ("encoder.bias", parts.EncoderBias), ("decoder.weight", parts.Decoder.t()), ("decoder.bias", parts.DecoderBias)],
    };

    private static string? HookOf(JsonObject? trainer)
    {
        var name = ConfigJson.Text(trainer, "submodule_name");
        return name?.StartsWith("resid_post_layer_", StringComparison.Ordinal) == true && ConfigJson.Value<int>(trainer, "layer") is { } layer
            ? string.Create(CultureInfo.InvariantCulture, $"blocks.{layer}.hook_resid_post")
            : name;
    }

    /// <summary>The file itself; in a folder <c>ae.pt</c>, or the only <c>.pt</c> there.</summary>
    private static string? FileOf(string path)
    {
        if (File.Exists(path))
        {
            return path.EndsWith(".pt", StringComparison.OrdinalIgnoreCase) ? path : null;
        }

        var usual = Path.Combine(path, Weights);
        if (File.Exists(usual))
        {
            return usual;
        }

        string[] files = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.pt").Take(2)] : [];
        return files is [var only] ? only : null;
    }
}
