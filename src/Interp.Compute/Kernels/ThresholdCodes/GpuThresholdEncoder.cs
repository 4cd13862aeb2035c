using Interp.Compute.Kernels.Lanes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.ThresholdCodes;

/// <summary>Drives <see cref="ThresholdKernels"/> on a tensor's GPU, or without one on ILGPU's accelerator for the CPU; the product is libtorch's.</summary>
internal static class GpuThresholdEncoder
{
    /// <inheritdoc cref="ThresholdEncoder.Encode"/>
    public static bool Encode(Tensor x, Tensor encoder, Tensor bias, Tensor thresholds, double bandwidth, SparseCodes codes, long most)
    {
        if (codes.Rows == 0 || codes.Latents == 0)
        {
            CodeFilling.Fill<float>(codes, [], []);
            return true;
        }

        using var scope = NewDisposeScope();
        using var lane = KernelLane.For(x);
        var products = lane.Elements(x.matmul(encoder.t()));
        var (biases, thetas) = (lane.Copy(bias), lane.Copy(thresholds));
        var half = (float)(bandwidth / 2);
        var counts = lane.Zeros<int>(codes.Rows);
        lane.LaunchGroups(typeof(ThresholdKernels), nameof(ThresholdKernels.Count), codes.Rows, products, biases, thetas, counts, codes.Latents, half);
        var starts = new int[codes.Rows + 1];
        var found = lane.Read(counts);
        for (var row = 0; row < codes.Rows; row++)
        {
            starts[row + 1] = starts[row] + found[row];
        }

        if (starts[^1] > most)
        {
            return false;
        }

        var (places, values) = (lane.Zeros<int>(starts[^1]), lane.Zeros<float>(starts[^1]));
        lane.LaunchGroups(typeof(ThresholdKernels), nameof(ThresholdKernels.Fill), codes.Rows, products, biases, thetas, lane.Copy(starts), places, values, codes.Latents, half);
        Spread(codes, starts, lane.Read(places), lane.Read(values));
        return true;
    }

    private static void Spread(SparseCodes codes, int[] starts, int[] places, float[] values)
    {
        var flags = new int[codes.Rows * codes.Latents];
        var dense = new double[codes.Rows * codes.Latents];
        for (var row = 0; row < codes.Rows; row++)
        {
            for (var entry = starts[row]; entry < starts[row + 1]; entry++)
            {
                var at = (row * codes.Latents) + (places[entry] >> CodeTile.Shift);
                flags[at] = places[entry] & (CodeTile.Active | CodeTile.Window);
                dense[at] = values[entry];
            }
        }

        if (codes.Type == ScalarType.Float64)
        {
            CodeFilling.Fill<double>(codes, flags, dense);
        }
        else
        {
            CodeFilling.Fill<float>(codes, flags, Array.ConvertAll(dense, value => (float)value));
        }
    }
}
