namespace Interp.Models.Transformer;

/// <summary>The non-linearity of the MLP.</summary>
public enum ActivationFunction
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x·Φ(x), with the exact error function.</summary>
    Gelu,

    /// <summary>The tanh approximation of GELU.</summary>
    GeluTanh,

    /// <summary>x·σ(x).</summary>
    Silu,

    /// <summary>x·σ(1.702·x), a sigmoid approximation of GELU.</summary>
    QuickGelu,

    /// <summary>max(0, x)² (arXiv 2109.08668).</summary>
    SquaredRelu,

    /// <summary>tanh(x).</summary>
    Tanh,

    /// <summary>σ(x).</summary>
    Sigmoid,

    /// <summary>x·softmax(x) over the neurons (SoLU).</summary>
    Solu,
}
