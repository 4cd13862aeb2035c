using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>
/// The one-layer transformer that learns c = (a + b) mod p from the tokens [a, b, =]: no norm, no biases, ReLU, learned
/// positions, and only the last position's logits count.
/// </summary>
/// <remarks>
/// Attention is causal. The last position sees all three tokens either way, so a bidirectional model would compute the same
/// logits there; causal is the direction that every tool understands.
/// </remarks>
/// <param name="Modulus">p; the vocabulary is 0 … p − 1 and "=" = p.</param>
/// <param name="Width">d, the residual stream.</param>
/// <param name="HeadCount">Heads; each has width d / heads.</param>
/// <param name="MlpWidth">M, the neurons.</param>
public sealed record ModularAdditionShape(int Modulus, int Width, int HeadCount, int MlpWidth)
{
    /// <summary>The number of tokens of a prompt, [a, b, =].</summary>
    public const int PromptLength = 3;

    /// <summary>The width of one head.</summary>
    public int HeadWidth => Width / HeadCount;

    /// <summary>Draws the initial weights in the order E, Pos, W_Q, W_K, W_V, W_O, W_in, W_out, W_U, row by row.</summary>
    /// <param name="random">The source, after the split was drawn from it.</param>
    /// <returns>float32 CPU tensors under TransformerLens's names and layouts, owned by the caller.</returns>
    internal Dictionary<string, Tensor> Initialize(SplitMix64 random)
    {
        using var scope = NewDisposeScope();
        var d = Width;
        var inverseRoot = 1 / Math.Sqrt(d);

        // Drawn as [d, d] with the heads side by side in the columns (rows for W_O), kept as [head, in, out].
        Tensor Heads(Tensor flat) => flat.reshape(d, HeadCount, HeadWidth).permute(1, 0, 2).contiguous();
        var parameters = new Dictionary<string, Tensor>
        {
            ["embed.W_E"] = InitialWeights.Normal(random, inverseRoot, Modulus + 1, d),
            ["pos_embed.W_pos"] = InitialWeights.Normal(random, inverseRoot, PromptLength, d),
            ["blocks.0.attn.W_Q"] = Heads(InitialWeights.Normal(random, inverseRoot, d, d)),
            ["blocks.0.attn.W_K"] = Heads(InitialWeights.Normal(random, inverseRoot, d, d)),
            ["blocks.0.attn.W_V"] = Heads(InitialWeights.Normal(random, inverseRoot, d, d)),
            ["blocks.0.attn.W_O"] = InitialWeights.Normal(random, inverseRoot, d, d).reshape(HeadCount, HeadWidth, d),
            ["blocks.0.mlp.W_in"] = InitialWeights.Normal(random, inverseRoot, d, MlpWidth),
            ["blocks.0.mlp.W_out"] = InitialWeights.Normal(random, 1 / Math.Sqrt(MlpWidth), MlpWidth, d),
            ["unembed.W_U"] = InitialWeights.Normal(random, 1 / Math.Sqrt(Modulus), d, Modulus),
        };
        foreach (var parameter in parameters.Values)
        {
            parameter.DetachFromDisposeScope();
        }

        return parameters;
    }
}
