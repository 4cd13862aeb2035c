namespace Interp.Analysis.Atoms.Probing;

/// <summary>Probes that read a number of features, means over the classes.</summary>
/// <param name="Count">The features a probe reads.</param>
/// <param name="Latents">Probes on latents.</param>
/// <param name="Neurons">Probes on as many coordinates of the activation, chosen the same way: what a dictionary must beat.</param>
public sealed record SparseScore(int Count, ProbeScore Latents, ProbeScore Neurons);
