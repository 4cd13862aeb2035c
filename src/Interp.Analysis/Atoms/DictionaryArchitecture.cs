namespace Interp.Analysis.Atoms;

/// <summary>How a sparse autoencoder makes its code f from the pre-activation z.</summary>
public enum DictionaryArchitecture
{
    /// <summary>f = max(z, 0).</summary>
    Standard,

    /// <summary>f = max(z, 0)·1[z &gt; θ], one threshold θ a latent.</summary>
    JumpRelu,
}
