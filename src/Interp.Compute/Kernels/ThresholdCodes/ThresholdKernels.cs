using ILGPU;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Compute.Kernels.ThresholdCodes;

/// <summary>The GPU version in C#: a group of threads a row counts its entries; where each row begins being known, a group a row writes them in the order of latents.</summary>
internal static class ThresholdKernels
{
    private const int Each = 8;

    /// <summary>Counts the entries of every row.</summary>
    /// <param name="products">x·W_encᵀ <c>[B, N]</c>.</param>
    /// <param name="biases">b <c>[N]</c>.</param>
    /// <param name="thetas">θ <c>[N]</c>.</param>
    /// <param name="counts">Receives the entries of each row <c>[B]</c>.</param>
    /// <param name="latents">N.</param>
    /// <param name="half">Half the window.</param>
    public static void Count<T>(ArrayView<T> products, ArrayView<float> biases, ArrayView<float> thetas, ArrayView<int> counts, int latents, float half)
        where T : unmanaged, IElement<T>
    {
        var partial = SharedMemory.Allocate<int>(GroupSums.MostWarps);
        var start = (long)Grid.IdxX * latents;
        var own = 0;
        for (var latent = Group.IdxX; latent < latents; latent += Group.DimX)
        {
            own += Flags(products[start + latent].ToSingle() + biases[latent] - thetas[latent], half) != 0 ? 1 : 0;
        }

        var (_, all) = GroupSums.Before(own, partial);
        if (Group.IdxX == 0)
        {
            counts[Grid.IdxX] = all;
        }
    }

    /// <summary>Writes latents, flags and z of the entries.</summary>
    /// <param name="products">x·W_encᵀ <c>[B, N]</c>.</param>
    /// <param name="biases">b <c>[N]</c>.</param>
    /// <param name="thetas">θ <c>[N]</c>.</param>
    /// <param name="starts">Where each row's entries begin <c>[B + 1]</c>.</param>
    /// <param name="places">Receives latents and flags.</param>
    /// <param name="values">Receives z.</param>
    /// <param name="latents">N.</param>
    /// <param name="half">Half the window.</param>
    public static void Fill<T>(
        ArrayView<T> products, ArrayView<float> biases, ArrayView<float> thetas, ArrayView<int> starts, ArrayView<int> places, ArrayView<float> values, int latents, float half)
        where T : unmanaged, IElement<T>
    {
        var partial = SharedMemory.Allocate<int>(GroupSums.MostWarps);
        var start = (long)Grid.IdxX * latents;
        var at = starts[Grid.IdxX];
        for (var first = 0; first < latents; first += Each * Group.DimX)
        {
            // Neighbouring latents a thread: an order for all of them costs two barriers.
            var from = first + (Each * Group.IdxX);
            var to = IntrinsicMath.Min(from + Each, latents);
            var own = 0;
            for (var latent = from; latent < to; latent++)
            {
                own += Flags(products[start + latent].ToSingle() + biases[latent] - thetas[latent], half) != 0 ? 1 : 0;
            }

            var (before, all) = GroupSums.Before(own, partial);
            var next = at + before;
            for (var latent = from; own > 0 && latent < to; latent++)
            {
                var z = products[start + latent].ToSingle() + biases[latent];
                var flags = Flags(z - thetas[latent], half);
                if (flags != 0)
                {
                    places[next] = (latent << CodeTile.Shift) | flags;
                    values[next++] = z;
                }
            }

            at += all;
        }
    }

    private static int Flags(float over, float half) =>
        (over <= 0 ? 0 : CodeTile.Active) | (IntrinsicMath.Abs(over) < half ? CodeTile.Window : 0);
}
