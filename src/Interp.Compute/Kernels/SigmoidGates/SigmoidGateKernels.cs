using ILGPU;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Floats;

namespace Interp.Compute.Kernels.SigmoidGates;

/// <summary>The GPU version in C#: one thread an element.</summary>
internal static class SigmoidGateKernels
{
    public static void Apply<T>(Index1D index, ArrayView<T> value, ArrayView<T> factor, ArrayView<T> result, int hasFactor, float linear, float cubic)
        where T : unmanaged, IElement<T>
    {
        var x = value[index].ToSingle();
        var inner = x * (linear + (cubic * x * x));
        var made = x / (1 + GpuExp.Of(-inner));
        result[index] = default(T).Of(hasFactor != 0 ? made * factor[index].ToSingle() : made);
    }
}
