using ILGPU;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;
using Interp.Compute.Kernels.ThresholdCodes;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>
/// The GPU version in C#, without atomic operations: a group of threads a latent takes df, a thread a latent sums its bias and threshold, a thread a
/// number of the weights sums over its latent's entries.
/// </summary>
internal static class SparseGradientKernels
{
    /// <summary>df and what reaches z, for every entry; a group a latent, a warp an entry.</summary>
    public static void ByEntry<TUpstream, TDirection>(
        ArrayView<int> starts, ArrayView<int> rows, ArrayView<TUpstream> upstream, ArrayView<TDirection> decoder, ArrayView<float> thetas, ArrayView<float> byCode, ArrayView<float> byZ, GradientKernelNumbers numbers)
        where TUpstream : unmanaged, IElement<TUpstream>
        where TDirection : unmanaged, IElement<TDirection>
    {
        var latent = Grid.IdxX;
        for (var entry = starts[latent] + (Group.IdxX / Warp.WarpSize); entry < starts[latent + 1]; entry += Group.DimX / Warp.WarpSize)
        {
            var row = rows[entry] >> CodeTile.Shift;
            var df = 0f;
            for (var k = Warp.LaneIdx; k < numbers.Width; k += Warp.WarpSize)
            {
                df += upstream[((long)row * numbers.Width) + k].ToSingle() * decoder[((long)latent * numbers.Width) + k].ToSingle();
            }

            df = GroupSums.SumOfWarp(df);
            var reached = (rows[entry] & CodeTile.Active) != 0 ? df : 0f;
            if ((rows[entry] & CodeTile.Window) != 0 && numbers.StepToInput != 0)
            {
                reached += ((thetas[latent] * df) + numbers.Slope) * numbers.InverseBandwidth;
            }

            if (Warp.LaneIdx == 0)
            {
                byCode[entry] = df;
                byZ[entry] = reached;
            }
        }
    }

    /// <summary>The gradients of the bias and the threshold, and the firings, for every latent.</summary>
    public static void ByLatent(
        Index1D latent, ArrayView<int> starts, ArrayView<int> rows, ArrayView<float> byCode, ArrayView<float> byZ, ArrayView<float> thetas, ArrayView<float> revived, ArrayView<float> byBias, ArrayView<float> byTheta, ArrayView<float> firings, GradientKernelNumbers numbers)
    {
        var (window, windowed, bias) = (0f, 0, 0f);
        var active = 0;
        for (var entry = starts[latent]; entry < starts[latent + 1]; entry++)
        {
            bias += byZ[entry];
            active += rows[entry] & CodeTile.Active;
            if ((rows[entry] & CodeTile.Window) != 0)
            {
                window += byCode[entry];
                windowed++;
            }
        }

        var pull = numbers.Revival * revived[latent] * (numbers.Rows - active);
        byBias[latent] = bias - pull;
        byTheta[latent] = pull - (((thetas[latent] * window) + (numbers.Slope * windowed)) * numbers.InverseBandwidth);
        firings[latent] = active;
    }

    /// <summary>The gradients of the direction and the encoder, for every number of them.</summary>
    public static void ByWeight<TUpstream, TInput>(
        Index1D index, ArrayView<int> starts, ArrayView<int> rows, ArrayView<float> values, ArrayView<float> byZ, ArrayView<TUpstream> upstream, ArrayView<TInput> x, ArrayView<float> sumOfX, ArrayView<float> revived, ArrayView<float> byEncoder, ArrayView<float> byDecoder, GradientKernelNumbers numbers)
        where TUpstream : unmanaged, IElement<TUpstream>
        where TInput : unmanaged, IElement<TInput>
    {
        var (latent, column) = (index / numbers.Width, index % numbers.Width);
        var revival = numbers.Revival * revived[latent];
        var encoder = -revival * sumOfX[column];
        var decoder = 0f;
        for (var entry = starts[latent]; entry < starts[latent + 1]; entry++)
        {
            var at = ((long)(rows[entry] >> CodeTile.Shift) * numbers.Width) + column;
            var isActive = (rows[entry] & CodeTile.Active) != 0;
            encoder += (byZ[entry] + (isActive ? revival : 0f)) * x[at].ToSingle();
            decoder += (isActive ? values[entry] : 0f) * upstream[at].ToSingle();
        }

        byEncoder[index] = encoder;
        byDecoder[index] = decoder;
    }
}
