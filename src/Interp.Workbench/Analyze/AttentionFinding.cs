namespace Interp.Workbench.Analyze;

/// <summary>The entanglement of attention, in short.</summary>
/// <param name="Heads">The heads that were measured.</param>
/// <param name="SinkShare">The share of heads that look mostly at the first token, 0–1.</param>
/// <param name="MeanEntropyNats">The mean over heads of the entropy at the middle cut, nats.</param>
public sealed record AttentionFinding(int Heads, double SinkShare, double MeanEntropyNats);
