namespace Interp.Analysis.Lenses.Tuned;

/// <summary>Whether a lens must have been trained for the model's own unembedding.</summary>
public enum LensMatch
{
    /// <summary>A lens of another unembedding is refused.</summary>
    Required,

    /// <summary>Only the sizes must fit.</summary>
    Forced,
}
