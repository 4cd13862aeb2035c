using ILGPU;
using Interp.Compute.Kernels.Elements;

namespace Interp.Compute.Kernels.ThresholdCodes;

/// <summary>The GPU version in C#: a thread a row counts its entries; where each row begins being known, a thread a row writes them.</summary>
internal static class ThresholdKernels
{
    public static void Count<T>(Index1D row, ArrayView<T> products, ArrayView<float> biases, ArrayView<float> thetas, ArrayView<int> counts, int latents, float half)
        where T : unmanaged, IElement<T>
    {
        var count = 0;
        for (var latent = 0; latent < latents; latent++)
        {
            count += Flags(products[((long)(int)row * latents) + latent].ToSingle() + biases[latent] - thetas[latent], half) != 0 ? 1 : 0;
        }

        counts[row] = count;
    }

    public static void Fill<T>(
        Index1D row, ArrayView<T> products, ArrayView<float> biases, ArrayView<float> thetas, ArrayView<int> starts, ArrayView<int> places, ArrayView<float> values, int latents, float half)
        where T : unmanaged, IElement<T>
    {
        var at = starts[row];
        for (var latent = 0; latent < latents; latent++)
        {
            var z = products[((long)(int)row * latents) + latent].ToSingle() + biases[latent];
            var flags = Flags(z - thetas[latent], half);
            if (flags != 0)
            {
                places[at] = (latent << CodeTile.Shift) | flags;
                values[at++] = z;
            }
        }
    }

    private static int Flags(float over, float half) =>
        (over <= 0 ? 0 : CodeTile.Active) | (IntrinsicMath.Abs(over) < half ? CodeTile.Window : 0);
}
