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
        ActivationFunction.GeluTanh => GeluTanh(pre),
        ActivationFunction.Silu => nn.functional.silu(pre),
        ActivationFunction.QuickGelu => pre * (pre * 1.702).sigmoid(),
        ActivationFunction.SquaredRelu => pre.relu().square(),
        ActivationFunction.Tanh => pre.tanh(),
        ActivationFunction.Sigmoid => pre.sigmoid(),
        ActivationFunction.Solu => pre * nn.functional.softmax(pre, -1),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    // 0.5·x·(1 + tanh(√(2/π)(x + 0.044715·x³))), the form that GPT-2 was trained with.
    private static Tensor GeluTanh(Tensor x)
    {
        using var scope = NewDisposeScope();
        if (x.requires_grad)
        {
            return (((x.pow(3) * 0.044715) + x) * Math.Sqrt(2 / Math.PI)).tanh().add(1).mul(x).mul(0.5).MoveToOuterDisposeScope();
        }

        // Nobody differentiates: the same operations, in place.
        return x.pow(3).mul_(0.044715).add_(x).mul_(Math.Sqrt(2 / Math.PI)).tanh_().add_(1).mul_(x).mul_(0.5).MoveToOuterDisposeScope();
    }
}
