using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>Mixtral: Mistral with a mixture of experts in the MLP's place.</summary>
internal sealed class Mixtral : IModelFamily
{
    public string ModelType => "mixtral";

    public IReadOnlyList<string> Architectures { get; } = ["MixtralForCausalLM", "MixtralModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) => LlamaLike.Config(ModelType, json, weights, theta: 1e6, defaultEpsilon: 1e-5) with
    {
        Window = json.OptionalInt("sliding_window"),
        ExpertCount = json.Int("num_local_experts", 8),
        ExpertsPerToken = json.Int("num_experts_per_tok", 2),
    };

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights) =>
        new DecoderLayout { Mlp = (reader, block, name) => Experts(config, reader, block, name) }.Weights(config, weights);

    private static BlockParameters Experts(ModelConfig config, WeightReader weights, BlockParameters block, string name) =>
        weights.Has($"{name}.block_sparse_moe.gate.weight") || !weights.Has($"{name}.mlp.gate.weight")
            ? Separate(config, weights, block, $"{name}.block_sparse_moe")
            : Fused(config, weights, block, $"{name}.mlp");

    /// <summary>The published files: w1 gate, w3 up, w2 down, one tensor an expert.</summary>
    private static BlockParameters Separate(ModelConfig config, WeightReader weights, BlockParameters block, string name)
    {
        Tensor All(string part, long outputs, long inputs) =>
            weights.TakeStack([.. Enumerable.Range(0, config.ExpertCount).Select(expert => $"{name}.experts.{expert}.{part}.weight")], outputs, inputs).transpose(1, 2);

        return block with
        {
            Router = weights.TakeTransposed($"{name}.gate.weight", config.ExpertCount, config.Width),
            ExpertGate = All("w1", config.MlpWidth, config.Width),
            ExpertIn = All("w3", config.MlpWidth, config.Width),
            ExpertOut = All("w2", config.Width, config.MlpWidth),
        };
    }

    /// <summary>Files saved again by transformers 5: all experts in one tensor.</summary>
    private static BlockParameters Fused(ModelConfig config, WeightReader weights, BlockParameters block, string name)
    {
        var (experts, mlp) = (config.ExpertCount, config.MlpWidth);
        var both = weights.Take($"{name}.experts.gate_up_proj", experts, 2 * mlp, config.Width).transpose(1, 2);
        return block with
        {
            Router = weights.TakeTransposed($"{name}.gate.weight", experts, config.Width),
            ExpertGate = both.narrow(2, 0, mlp),
            ExpertIn = both.narrow(2, mlp, mlp),
            ExpertOut = weights.Take($"{name}.experts.down_proj", experts, config.Width, mlp).transpose(1, 2),
        };
    }
}
