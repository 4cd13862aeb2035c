namespace Interp.Analysis.Atoms.Training;

/// <summary>The kinds of dictionary that can be trained.</summary>
public enum TrainedArchitecture
{
    /// <summary>One threshold a latent, trained through straight-through estimators.</summary>
    JumpRelu,

    /// <summary>The k greatest latents of each row.</summary>
    TopK,

    /// <summary>The k·B greatest latents of a batch of B rows; saved with the threshold that this comes to.</summary>
    BatchTopK,

    /// <summary>As BatchTopK, with nested prefixes of the latents that each reconstruct on their own.</summary>
    Matryoshka,

    /// <summary>A gate decides, a magnitude with shared weights is the size.</summary>
    Gated,

    /// <summary>max(z, 0) and a price on the sum of codes.</summary>
    Relu,
}
