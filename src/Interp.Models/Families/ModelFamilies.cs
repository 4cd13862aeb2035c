using Interp.Models.Checkpoints;

namespace Interp.Models.Families;

/// <summary>The families that can be loaded.</summary>
internal static class ModelFamilies
{
    private static readonly IModelFamily[] s_all = 
    [
        new Gpt2(), new GptNeo(), new GptJ(), new GptNeoX(), new Opt(), new Bloom(), new Llama(), new Mistral(), new Mixtral(), new Qwen2(), new Qwen3(),
        new Gemma(), new Gemma2(), new Gemma3(), new Phi(), new Phi3(), new Olmo2(), new StableLm(), new Smollm3(), new Starcoder2(), new Granite(),
        new HookedTransformer(),
    ];

    /// <summary>The family of a configuration: by <c>architectures</c> where given, else by <c>model_type</c>.</summary>
    /// <exception cref="CheckpointException">It is of none; the message lists those there are.</exception>
    public static IModelFamily Find(ConfigJson json)
    {
        var (architecture, type) = (json.FirstText("architectures"), json.Text("model_type"));
        var family = architecture is not null
            ? Array.Find(s_all, family => family.Architectures.Contains(architecture))
            : Array.Find(s_all, family => family.ModelType == type);

        // A wrapper with a picture part names its text model inside.
        if (family is null && json.Object("text_config") is { } text && text.Text("model_type") is not null)
        {
            return Find(text);
        }

        return family ?? throw new CheckpointException(
            $"{json.Path}: the model type {(architecture is null ? type ?? "(none given)" : $"{type} ({architecture})")} is not supported: supported are {string.Join(", ", s_all.Select(known => known.ModelType))}");
    }
}
