using System.Numerics;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>The version for the CPU: a sweep over latents that keeps every gradient.</summary>
internal static unsafe class CpuSparseGradient
{
    /// <inheritdoc cref="SparseGradient.Compute"/>
    public static void Compute<T>(
        LatentGradients gradients, SparseCodes codes, Tensor upstream, Tensor x, Tensor encoder, Tensor decoder, Tensor thresholds, LatentLoss loss, Tensor? revived)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        using var inputs = new LatentInputs<T>(codes, upstream, x, decoder, thresholds, loss, revived);
        using var memory = new LatentMemory();
        var width = inputs.Width;
        var firings = new long[codes.Latents];
        var (byEncoder, byDecoder) = ((nint)TensorMemory.Of<T>(gradients.Encoder), (nint)TensorMemory.Of<T>(gradients.Decoder));
        var (byBias, byThreshold) = ((nint)TensorMemory.Of<T>(gradients.EncoderBias), (nint)TensorMemory.Of<T>(gradients.Thresholds));
        var byInput = LatentSweep.Run(inputs, encoder, memory, (int latent, in LatentGradient<T> gradient) =>
        {
            var at = (long)latent * width;
            new ReadOnlySpan<T>(gradient.ByEncoder, width).CopyTo(new Span<T>((T*)byEncoder + at, width));
            new ReadOnlySpan<T>(gradient.ByDecoder, width).CopyTo(new Span<T>((T*)byDecoder + at, width));
            ((T*)byBias)[latent] = gradient.ByBias;
            ((T*)byThreshold)[latent] = gradient.ByThreshold;
            firings[latent] = gradient.Firings;
        });
        _ = gradients.Input.copy_(byInput);
        _ = gradients.Firings.copy_(tensor(firings));
    }
}
