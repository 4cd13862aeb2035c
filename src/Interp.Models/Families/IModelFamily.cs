using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>A family of checkpoints: a mapping from its configuration keys and tensor names to ours.</summary>
internal interface IModelFamily
{
    /// <summary>The <c>model_type</c>.</summary>
    string ModelType { get; }

    /// <summary>The entries of <c>architectures</c> that mean this family.</summary>
    IReadOnlyList<string> Architectures { get; }

    /// <summary>Sizes and switches.</summary>
    /// <param name="json">The configuration.</param>
    /// <param name="weights">Tells which tensors there are, for what the configuration leaves open.</param>
    ModelConfig Config(ConfigJson json, WeightReader weights);

    /// <summary>Takes every tensor.</summary>
    /// <param name="config">Sizes and switches.</param>
    /// <param name="json">The configuration, for what only decides which tensors there are.</param>
    /// <param name="weights">The tensors.</param>
    TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights);
}
