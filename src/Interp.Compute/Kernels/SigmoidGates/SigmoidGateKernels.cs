using ILGPU;
using Interp.Compute.Kernels.Floats;

namespace Interp.Compute.Kernels.SigmoidGates;

/// <summary>The GPU version in C#: one thread an element.</summary>
internal static class SigmoidGateKernels
{
    public static void Apply(Index1D index, ArrayView<float> value, ArrayView<float> factor, ArrayView<float> result, int hasFactor, float linear, float cubic)
    {
        var x = value[index];
        var inner = x * (linear + (cubic * x * x));
        var made = x / (1 + GpuExp.Of(-inner));
        result[index] = hasFactor != 0 ? made * factor[index] : made;
    }
}
