namespace Interp.Analysis.Entanglement.Internal;

/// <summary>The largest entropy on one side of the boundary.</summary>
/// <param name="Cut">The cut where it is, counted from 1.</param>
/// <param name="Entropy">Its entropy in nats.</param>
public sealed record EntropyHump(int Cut, double Entropy);
