using System.Text.RegularExpressions;
using Interp.Models.Checkpoints;
using Interp.Models.Families;

namespace Interp.Models.Adapters;

/// <summary>An <c>adapter_config.json</c> of PEFT, what of it matters when the adapter is applied.</summary>
/// <remarks>Source: huggingface/peft <c>src/peft/tuners/lora/config.py</c>; arXiv 2106.09685, 2312.03732 (rank-stabilised scale), 2402.09353 (DoRA).</remarks>
internal sealed class LoraConfig
{
    private readonly ConfigJson _json;
    private readonly int _rank;
    private readonly double _alpha;
    private readonly bool _isRankStabilised;
    private readonly IReadOnlyList<(string Pattern, double Value)> _ranks;
    private readonly IReadOnlyList<(string Pattern, double Value)> _alphas;

    private LoraConfig(ConfigJson json)
    {
        _json = json;
        _rank = json.Int("r", 8);
        _alpha = json.Double("lora_alpha", 8);
        _isRankStabilised = json.Bool("use_rslora", false);
        _ranks = json.Pairs("rank_pattern");
        _alphas = json.Pairs("alpha_pattern");
        IsFanInFanOut = json.Bool("fan_in_fan_out", false);
        HasMagnitudes = json.Bool("use_dora", false);
        BaseModel = json.Text("base_model_name_or_path");
        Initialisation = json.Element("init_lora_weights") is { ValueKind: System.Text.Json.JsonValueKind.String } value ? value.GetString() : null;
    }

    /// <summary>Whether the base stores its matrices [in, out] (GPT-2).</summary>
    public bool IsFanInFanOut { get; }

    /// <summary>Whether weights are split into direction and magnitude (DoRA).</summary>
    public bool HasMagnitudes { get; }

    /// <summary>The model the adapter was trained on, as its author named it; or null.</summary>
    public string? BaseModel { get; }

    /// <summary>A special initialisation ("pissa"), or null.</summary>
    public string? Initialisation { get; }

    /// <exception cref="CheckpointException">The file is missing, or asks for what is not supported.</exception>
    public static LoraConfig Read(string path)
    {
        var json = ConfigJson.Read(path);
        if (json.Text("peft_type") is var kind && kind != "LORA")
        {
            throw new CheckpointException($"{path}: peft_type is {kind ?? "not given"}; only LORA adapters can be applied");
        }

        foreach (var key in (string[])["use_qalora", "lora_bias", "alora_invocation_tokens", "arrow_config", "trainable_token_indices"])
        {
            json.Refuse(key, "which is not supported");
        }

        if (json.Element("target_parameters") is { ValueKind: System.Text.Json.JsonValueKind.Array } parameters && parameters.GetArrayLength() > 0)
        {
            throw new CheckpointException($"{path}: target_parameters changes tensors that are no modules, which is not supported");
        }

        if (json.Element("layer_replication") is { ValueKind: System.Text.Json.JsonValueKind.Array } layers && layers.GetArrayLength() > 0)
        {
            throw new CheckpointException($"{path}: layer_replication changes the model's depth, which is not supported");
        }

        return new LoraConfig(json);
    }

    /// <summary>The rank a module should have.</summary>
    public int RankOf(string module) => (int)Match(_ranks, module, _rank);

    /// <summary>α/r, or α/√r where the scale is rank-stabilised.</summary>
    public double ScaleOf(string module)
    {
        var rank = RankOf(module);
        return Match(_alphas, module, _alpha) / (_isRankStabilised ? Math.Sqrt(rank) : rank);
    }

    // A pattern is a name or a regular expression for the tail of the module's path.
    private double Match(IReadOnlyList<(string Pattern, double Value)> patterns, string module, double fallback)
    {
        foreach (var (pattern, value) in patterns)
        {
            try
            {
                if (Regex.IsMatch(module, $@"^(?:.*\.)?(?:{pattern})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
                {
                    return value;
                }
            }
            catch (ArgumentException e)
            {
                throw new CheckpointException($"{_json.Path}: the pattern {pattern} is no regular expression", e);
            }
        }

        return fallback;
    }
}
