namespace Interp.Analysis.Atoms;

/// <summary>How a sparse autoencoder makes its code f from the pre-activation z.</summary>
public enum DictionaryArchitecture
{
    /// <summary>f = max(z, 0).</summary>
    Standard,

    /// <summary>f = max(z, 0)·1[z &gt; θ], one threshold θ a latent.</summary>
    JumpRelu,

    /// <summary>The k greatest z of a row, rectified; the rest are zero.</summary>
    TopK,

    /// <summary>The k·n greatest rectified z of n rows taken together: a code depends on the rows beside it.</summary>
    BatchTopK,

    /// <summary>The greatest z of each of k equal groups of neighbouring latents, rectified.</summary>
    GroupMax,

    /// <summary>f = 1[π &gt; 0]·max(m, 0) with a gate π and a magnitude m that share W_enc.</summary>
    Gated,
}
