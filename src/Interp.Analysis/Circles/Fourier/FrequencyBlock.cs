namespace Interp.Analysis.Circles.Fourier;

/// <summary>Which Fourier coefficients of a neuron count as one frequency k.</summary>
public enum FrequencyBlock
{
    /// <summary>{1, cos k, sin k} × {1, cos k, sin k}: for ReLU- and GELU-like neurons.</summary>
    Plain,

    /// <summary>The same and the one-axis terms of 2k, which squares and absolute values make: for quadratic and |u| neurons.</summary>
    WithDoubled,
}
