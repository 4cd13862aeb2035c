using Interp.Compute;

namespace Interp.Analysis.Atoms.Stability;

/// <summary>A dictionary and, where living latents and the atomic inner product are wanted, activations.</summary>
/// <param name="Dictionary">A sparse autoencoder's folder.</param>
/// <param name="Activations">A folder of activations, or null.</param>
public sealed record StabilityInput(string Dictionary, string? Activations = null)
{
    internal static StabilityInput Open(AnalysisSources sources) =>
        new(sources.Dictionary ?? throw new InterpException("atoms stability needs a dictionary: give a sparse autoencoder's folder"), sources.Activations);
}
