using Interp.Compute.Kernels.Floats;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SigmoidGates;

/// <summary>
/// The neuron functions of the form x·σ(a·x + c·x³), optionally times a second branch, in one pass: SiLU (a = 1, c = 0) and the tanh
/// form of GELU, ½x(1 + tanh(√(2/π)(x + 0.044715 x³))) (arXiv 1606.08415), whose a is 2√(2/π).
/// </summary>
/// <remarks>Torch's own GELU of this form takes several times as long, and a gated branch a pass of its own.</remarks>
public static class SigmoidGate
{
    private static readonly double s_tanhLinear = 2 * Math.Sqrt(2 / Math.PI);

    /// <summary>The tanh form of GELU.</summary>
    /// <param name="value">x, of any shape, floating point.</param>
    /// <param name="factor">The second branch, of the same shape, or null.</param>
    /// <returns>A new tensor of the shape and dtype of <paramref name="value"/>, in the present dispose scope.</returns>
    public static Tensor GeluTanh(Tensor value, Tensor? factor = null) =>
        IsPlain(value, factor) ? CpuSigmoidGate.Apply(value, factor, s_tanhLinear, s_tanhLinear * 0.044715) : ReferenceSigmoidGate.GeluTanh(value, factor);

    /// <summary>SiLU, x·σ(x).</summary>
    /// <param name="value">x, of any shape, floating point.</param>
    /// <param name="factor">The second branch, of the same shape, or null.</param>
    /// <returns>A new tensor of the shape and dtype of <paramref name="value"/>, in the present dispose scope.</returns>
    public static Tensor Silu(Tensor value, Tensor? factor = null) =>
        IsPlain(value, factor) ? CpuSigmoidGate.Apply(value, factor, 1, 0) : ReferenceSigmoidGate.Silu(value, factor);

    private static bool IsPlain(Tensor value, Tensor? factor) => FloatMemory.IsPlain(value) && FloatMemory.IsPlainOrAbsent(factor);
}
