using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>A norm's weights; null where it has none.</summary>
/// <param name="Weight">[d], or null.</param>
/// <param name="Bias">[d], or null.</param>
internal sealed record NormParameters(Tensor? Weight, Tensor? Bias)
{
    public static NormParameters None { get; } = new(null, null);
}
