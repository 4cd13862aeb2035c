namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>Median cosines over living latents of encoder and decoder.</summary>
/// <param name="Euclidean">cos(w_enc, d).</param>
/// <param name="Atomic">cos(w_enc, C⁻¹d): 1 for the encoder that the theory of atoms asks for.</param>
public sealed record EncoderAlignment(double Euclidean, double Atomic);
