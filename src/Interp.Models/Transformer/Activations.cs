using Interp.Compute.Kernels.SigmoidGates;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>The non-linearities.</summary>
internal static class Activations
{
    /// <summary>Applies a function elementwise; <see cref="ActivationFunction.Solu"/> works over the last axis.</summary>
    public static Tensor Apply(ActivationFunction function, Tensor pre) => function switch
    {
        ActivationFunction.Relu => pre.relu(),
        ActivationFunction.Gelu => nn.functional.gelu(pre),
        ActivationFunction.GeluTanh => SigmoidGate.GeluTanh(pre),
        ActivationFunction.Silu => SigmoidGate.Silu(pre),
        ActivationFunction.QuickGelu => pre * (pre * 1.702).sigmoid(),
        ActivationFunction.SquaredRelu => pre.relu().square(),
        ActivationFunction.Tanh => pre.tanh(),
        ActivationFunction.Sigmoid => pre.sigmoid(),
        ActivationFunction.Solu => pre * nn.functional.softmax(pre, -1),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    /// <summary>A gated branch: function(gate) ⊙ up.</summary>
    public static Tensor Gate(ActivationFunction function, Tensor gate, Tensor up) => function switch
    {
        ActivationFunction.GeluTanh => SigmoidGate.GeluTanh(gate, up),
        ActivationFunction.Silu => SigmoidGate.Silu(gate, up),
        _ => Apply(function, gate) * up,
    };
}
