using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.MaskedSoftmaxes;
using Interp.Compute.Kernels.RowNorms;
using Interp.Compute.Kernels.SigmoidGates;
using Interp.Compute.Kernels.UnitRowAdam;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>The kernels of rows, which replace a composition of torch operations, at sizes that outlast a launch: over that composition, and over the copy rate.</summary>
internal static class KernelSpeeds
{
    /// <summary>At sizes that outlast a launch.</summary>
    public static void Run(SpeedBench bench, double copyRate) => Run(bench, copyRate, 16384, 4096);

    /// <summary>At any size.</summary>
    public static void Run(SpeedBench bench, double copyRate, int rows, int width)
    {
        var (lane, count) = (bench.Lane, (long)rows * width);
        var (a, b, c) = (lane.Zeros<Float32>(count), lane.Zeros<Float32>(count), lane.Zeros<Float32>(count));
        var (weight, bias, scales) = (lane.Zeros<float>(width), lane.Zeros<float>(width), lane.Zeros<float>(rows));
        bench.Row("layer norm 16,384 x 4096", "layer_norm", count * 8, copyRate, () => lane.LaunchGroups(
            typeof(RowNormKernels), nameof(RowNormKernels.Apply), rows, a, weight, bias, scales, b, c, width, RowNormKernels.Centres | RowNormKernels.HasWeight | RowNormKernels.HasBias, 1e-5f));
        bench.Row("GELU (tanh) times a branch", "gated_gelu", count * 12, copyRate, () => lane.Launch(typeof(SigmoidGateKernels), nameof(SigmoidGateKernels.Apply), count, a, b, c, 1, 1.5957691f, 0.0713548f));
        bench.Row("masked softmax 16,384 x 4096", "masked_softmax", count * 16, copyRate, () => lane.LaunchGroups(typeof(MaskedSoftmaxKernels), nameof(MaskedSoftmaxKernels.Apply), rows, a, b, c, width, 0.125f));
        var (moments, gradient) = (lane.Zeros<float>(count), lane.Zeros<float>(count));
        var adam = new AdamKernelNumbers { Beta2 = 0.999f, Size = 0, Correction = 1, Epsilon = 1e-8f, Width = width, IsUnit = 1 };
        bench.Row("Adam on unit rows 16,384 x 4096", "unit_adam", count * 20, copyRate, () => lane.LaunchGroups(typeof(RowAdamKernels), nameof(RowAdamKernels.Step), rows, a, moments, moments, gradient, adam));
    }
}
