namespace Interp.Analysis.Atoms.Stability;

/// <summary>How well one latent is found again.</summary>
/// <param name="Latent">Its number.</param>
/// <param name="MeanMaximum">The mean over the others of its greatest cosine.</param>
public sealed record LatentStability(int Latent, double MeanMaximum);
