using Interp.Models.Transformer;
using Interp.Workbench.Figures;

namespace Interp.Web.ViewModels;

/// <summary>A model's sizes and switches in words.</summary>
internal static class ModelArchitecture
{
    public static IReadOnlyList<(string Name, string Value)> Lines(ModelConfig config) =>
    [
        ("family", config.Family),
        ("layers", NumberText.Of(config.LayerCount)),
        ("width (d_model)", NumberText.Of(config.Width)),
        ("heads", config.KeyValueHeadCount == config.HeadCount ? NumberText.Of(config.HeadCount) : $"{config.HeadCount} with {config.KeyValueHeadCount} of keys and values"),
        ("width of a head", NumberText.Of(config.HeadWidth)),
        ("MLP", config.IsAttentionOnly ? "none" : $"{NumberText.Of(config.MlpWidth)}, {config.Activation}{(config.IsGated ? ", gated" : "")}{(config.ExpertCount > 0 ? $", {config.ExpertCount} experts, {config.ExpertsPerToken} a token" : "")}"),
        ("norm", $"{config.Norm}, {config.NormPlacement}"),
        ("positions", config.Positions.ToString()),
        ("vocabulary", config.VocabularySize == config.OutputVocabularySize ? NumberText.Of(config.VocabularySize) : $"{NumberText.Of(config.VocabularySize)} in, {NumberText.Of(config.OutputVocabularySize)} out"),
        ("context", $"{NumberText.Of(config.ContextLength)} tokens"),
        ("output matrix", config.IsHeadTied ? "tied to the embedding" : "its own"),
    ];
}
