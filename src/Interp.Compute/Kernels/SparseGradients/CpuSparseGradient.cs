using System.Numerics;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>The version for the CPU: threads take blocks of latents.</summary>
internal static unsafe class CpuSparseGradient
{
    /// <summary>Latents whose part of the inputs' gradient is summed together; the sums of blocks are added in their order.</summary>
    internal const int BlockLatents = 64;

    /// <inheritdoc cref="SparseGradient.Compute"/>
    public static void Compute<T>(
        LatentGradients gradients, SparseCodes codes, Tensor upstream, Tensor x, Tensor encoder, Tensor decoder, Tensor thresholds, LatentLoss loss, Tensor? revived)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        using var inputs = new LatentInputs<T>(codes, upstream, x, decoder, thresholds, loss, revived);
        var width = inputs.Width;
        var blocks = Blocks.Covering(codes.Latents, BlockLatents);
        var parts = zeros([blocks, width], codes.Type);
        var firings = new long[codes.Latents];
        var (byEncoder, byDecoder) = ((nint)TensorMemory.Of<T>(gradients.Encoder), (nint)TensorMemory.Of<T>(gradients.Decoder));
        var (byBias, byThreshold) = ((nint)TensorMemory.Of<T>(gradients.EncoderBias), (nint)TensorMemory.Of<T>(gradients.Thresholds));
        var (byInput, rows) = ((nint)TensorMemory.Of<T>(parts), (nint)TensorMemory.Of<T>(encoder));
        Blocks.Run(blocks, Blocks.Workers, (block, _) =>
        {
            using var pass = new LatentPass<T>(inputs);
            for (var latent = block * BlockLatents; latent < Math.Min((block + 1) * BlockLatents, codes.Latents); latent++)
            {
                if (!pass.Take(latent))
                {
                    continue;
                }

                var at = (long)latent * width;
                new ReadOnlySpan<T>(pass.ByEncoder, width).CopyTo(new Span<T>((T*)byEncoder + at, width));
                new ReadOnlySpan<T>(pass.ByDecoder, width).CopyTo(new Span<T>((T*)byDecoder + at, width));
                ((T*)byBias)[latent] = pass.ByBias;
                ((T*)byThreshold)[latent] = pass.ByThreshold;
                firings[latent] = pass.Firings;
                RowArithmetic.AddScaled((T*)byInput + ((long)block * width), (T*)rows + at, pass.ByBias, width);
            }
        });
        _ = gradients.Input.copy_(RowSums.Of<T>(parts));
        _ = gradients.Firings.copy_(tensor(firings));
    }
}
