namespace Interp.Models.Transformer;

/// <summary>How the stream is normalised before it is read.</summary>
public enum NormKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>LayerNorm: (x − μ)/√(σ² + ε), biased variance.</summary>
    LayerNorm,

    /// <summary>RMSNorm: x/√(mean x² + ε).</summary>
    RootMeanSquare,
}
