using System.Globalization;
using Interp.Compute.Cuda;
using Interp.Compute.Kernels.Lanes;
using Interp.Compute.Kernels.MaskedSoftmaxes;
using Interp.Compute.Kernels.RowNorms;
using Interp.Compute.Kernels.SigmoidGates;
using Interp.Compute.Kernels.UnitRowAdam;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>The kernels that replace a composition of torch operations, at sizes that outlast a launch: over that composition, and over the copy rate.</summary>
internal static class KernelSpeeds
{
    private const int Rows = 16384;
    private const int Width = 4096;
    private const long Count = (long)Rows * Width;

    public static void Run(CudaContext context, GpuClock clock, CheckTable table, double copyRate)
    {
        using var lane = new CudaLane(context, new DriverMemory(context));
        var (a, b, c, d) = (lane.Zeros<float>(Count), lane.Zeros<float>(Count), lane.Zeros<float>(Count), lane.Zeros<float>(Count));
        var (weight, bias, scales) = (lane.Zeros<float>(Width), lane.Zeros<float>(Width), lane.Zeros<float>(Rows));
        void Row(string name, string baseline, long bytes, Action work)
        {
            var time = clock.Median(work);
            var torch = table.Baselines?[baseline] ?? double.NaN;
            var share = bytes / copyRate * 1e3 / time;
            table.Add(new SpeedRow(
                name, time, string.Create(CultureInfo.InvariantCulture, $"{share:P0} of the copy rate"), double.IsNaN(torch) ? "" : "torch operations", time / torch, double.IsNaN(torch) ? double.NaN : 1));
        }

        Row("layer norm 16,384 x 4096", "layer_norm", Count * 8, () => lane.LaunchGroups(
            typeof(RowNormKernels), nameof(RowNormKernels.Apply), Rows, a, weight, bias, scales, b, c, Width, RowNormKernels.Centres | RowNormKernels.HasWeight | RowNormKernels.HasBias, 1e-5f));
        Row("GELU (tanh) times a branch", "gated_gelu", Count * 12, () => lane.Launch(typeof(SigmoidGateKernels), nameof(SigmoidGateKernels.Apply), Count, a, b, c, 1, 1.5957691f, 0.0713548f));
        Row("masked softmax 16,384 x 4096", "masked_softmax", Count * 16, () => lane.LaunchGroups(typeof(MaskedSoftmaxKernels), nameof(MaskedSoftmaxKernels.Apply), Rows, a, b, c, Width, 0.125f));
        var adam = new AdamKernelNumbers { Beta2 = 0.999f, Size = 0, Correction = 1, Epsilon = 1e-8f, Width = Width, IsUnit = 1 };
        Row("Adam on unit rows 16,384 x 4096", "unit_adam", Count * 20, () => lane.LaunchGroups(typeof(RowAdamKernels), nameof(RowAdamKernels.Step), Rows, a, b, c, d, adam));
    }
}
