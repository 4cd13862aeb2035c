using System.Numerics;
using Interp.Compute.Kernels.Rows;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>
/// Computes every latent's gradient and hands it on while it is in cache. Threads take blocks of latents: single latents where each has
/// few entries, chunks by panels of columns where it has more.
/// </summary>
internal static unsafe class LatentSweep
{
    /// <summary>Latents whose part of the inputs' gradient is summed together; the sums of blocks are added in their order.</summary>
    private const int BlockLatents = 64;

    /// <summary>From this many entries a latent panels are used: chosen for d = 768, not tuned for other widths.</summary>
    private const int PanelsFrom = 6;

    /// <summary>Takes a latent's gradient.</summary>
    /// <param name="latent">Its number.</param>
    /// <param name="gradient">Its gradient.</param>
    public delegate void LatentAction<T>(int latent, in LatentGradient<T> gradient)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>Runs over all latents.</summary>
    /// <param name="inputs">What they read.</param>
    /// <param name="encoder">Encoder rows <c>[N, d]</c>; the action may change a latent's.</param>
    /// <param name="memory">Working memory.</param>
    /// <param name="action">Called once for each latent, from several threads.</param>
    /// <returns>The gradient by the inputs, summed, with the encoder as it was before the action: <c>[d]</c>, owned by the caller.</returns>
    public static Tensor Run<T>(LatentInputs<T> inputs, Tensor encoder, LatentMemory memory, LatentAction<T> action)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        var (latents, width, workers) = (inputs.Codes.Latents, inputs.Width, Blocks.Workers);
        var byPanels = Panels<T>.Fit(width) && inputs.Codes.Count >= (long)PanelsFrom * latents;
        var size = byPanels ? PanelPass<T>.ChunkLatents : BlockLatents;
        var blocks = Blocks.Covering(latents, size);
        var parts = zeros([blocks, width], inputs.Codes.Type);
        var (rows, sums) = ((nint)TensorMemory.Of<T>(encoder), (nint)TensorMemory.Of<T>(parts));
        if (byPanels)
        {
            var (upstream, x) = (new Panels<T>(memory.Upstream), new Panels<T>(memory.X));
            upstream.Fill(inputs.Upstream, inputs.Codes.Rows, width);
            x.Fill(inputs.X, inputs.Codes.Rows, width);
            var scratch = memory.Scratch(workers);
            Blocks.Run(blocks, workers, (block, worker) =>
            {
                var first = block * size;
                var pass = new PanelPass<T>(inputs, upstream, x, scratch[worker]);
                foreach (ref readonly var gradient in pass.Take(first, Math.Min(size, latents - first)))
                {
                    HandOn(first++, gradient, (T*)rows, (T*)sums + ((long)block * width), width, action);
                }
            });
        }
        else
        {
            Blocks.Run(blocks, workers, (block, _) =>
            {
                using var pass = new LatentPass<T>(inputs);
                for (var latent = block * size; latent < Math.Min((block + 1) * size, latents); latent++)
                {
                    HandOn(latent, pass.Take(latent), (T*)rows, (T*)sums + ((long)block * width), width, action);
                }
            });
        }

        return RowSums.Of<T>(parts).MoveToOuterDisposeScope();
    }

    private static void HandOn<T>(int latent, in LatentGradient<T> gradient, T* encoder, T* byInput, int width, LatentAction<T> action)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (gradient.ByBias != T.Zero)
        {
            RowArithmetic.AddScaled(byInput, encoder + ((long)latent * width), gradient.ByBias, width);
        }

        action(latent, gradient);
    }
}
