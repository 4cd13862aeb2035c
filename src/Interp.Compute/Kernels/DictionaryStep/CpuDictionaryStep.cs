using System.Numerics;
using Interp.Compute.Kernels.SparseDecode;
using Interp.Compute.Kernels.SparseGradients;
using Interp.Compute.Kernels.ThresholdCodes;
using Interp.Compute.Kernels.UnitRowAdam;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.DictionaryStep;

/// <summary>
/// The rest of a sparse step once the codes are known. Gradients and optimiser are one pass over latents: a latent's gradient rows are
/// summed, projected, stepped with and its direction normalised while they are in cache: a gradient is never stored for longer than a chunk of latents.
/// </summary>
internal static class CpuDictionaryStep
{
    /// <summary>Takes the step.</summary>
    /// <param name="codes">The codes of the batch.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="first">Their first moments.</param>
    /// <param name="second">Their second moments.</param>
    /// <param name="x">The batch.</param>
    /// <param name="centred">x − b_dec.</param>
    /// <param name="upstream">Receives 2/B·(x̂ − x).</param>
    /// <param name="memory">The memory of the sweep over latents.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="adam">The optimiser's constants.</param>
    /// <param name="revived">Latents to be revived.</param>
    public static DictionaryStepResult Take<T>(
        SparseCodes codes, DictionaryWeights weights, DictionaryWeights? first, DictionaryWeights second, Tensor x, Tensor centred, Tensor upstream, LatentMemory memory, DictionaryLoss loss, AdamSettings adam, Tensor? revived)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        var byDecoderBias = empty_like(weights.DecoderBias);
        var squares = SparseDecoder.Residual(codes, weights.Decoder, weights.DecoderBias, x, 2.0 / codes.Rows, upstream, byDecoderBias, KernelBackend.Cpu);
        var l0 = codes.ActiveCount / (double)codes.Rows;
        using var inputs = new LatentInputs<T>(codes, upstream, centred, weights.Decoder, weights.Thresholds, loss.Of(l0, codes.Rows), revived);
        var firings = new long[codes.Latents];
        var update = new LatentUpdate<T>(weights, first, second, new AdamNumbers<T>(adam), inputs.Width);
        var byInput = LatentSweep.Run(inputs, weights.Encoder, memory, (int latent, in LatentGradient<T> gradient) =>
        {
            firings[latent] = gradient.Firings;
            update.Take(latent, gradient);
        });
        _ = byDecoderBias.sub_(byInput);
        DenseStep.Vector(weights.DecoderBias, first?.DecoderBias, second.DecoderBias, byDecoderBias, adam);
        return new DictionaryStepResult(squares / codes.Rows, l0, tensor(firings).DetachFromDisposeScope(), StepPath.Sparse);
    }
}
