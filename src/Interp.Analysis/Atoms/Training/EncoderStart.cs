namespace Interp.Analysis.Atoms.Training;

/// <summary>How the encoder starts; it is free afterwards.</summary>
public enum EncoderStart
{
    /// <summary>Equal to the decoder.</summary>
    Tied,

    /// <summary>Tied to the decoder through the activations' second moment, as the theory of atoms asks.</summary>
    WhitenedTie,
}
