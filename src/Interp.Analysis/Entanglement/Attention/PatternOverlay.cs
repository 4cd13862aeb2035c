namespace Interp.Analysis.Entanglement.Attention;

/// <summary>A pattern of a simple rule, to compare with.</summary>
/// <param name="Name">The rule.</param>
/// <param name="Entropies">Its profile at the same length, in nats.</param>
/// <param name="PrefixEntropies">Its entropy between queries and keys for each of the result's lengths.</param>
public sealed record PatternOverlay(string Name, double[] Entropies, double[] PrefixEntropies);
