using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SigmoidGates;

/// <summary>The definition in torch's operations: any device and dtype, recorded by autograd where that is on.</summary>
internal static class ReferenceSigmoidGate
{
    /// <summary>See <see cref="SigmoidGate.GeluTanh"/>.</summary>
    public static Tensor GeluTanh(Tensor value, Tensor? factor) => Times(value.gelu(TorchSharp.Modules.GELU.Approximate.tanh), factor);

    /// <summary>See <see cref="SigmoidGate.Silu"/>.</summary>
    public static Tensor Silu(Tensor value, Tensor? factor) => Times(value.silu(), factor);

    private static Tensor Times(Tensor made, Tensor? factor) => factor is null ? made : made * factor;
}
