namespace Interp.Analysis.Entanglement.NoHair;

/// <summary>One model of a comparison.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Loss">Its mean cross-entropy of the next token on the prompts, nats.</param>
/// <param name="UpdateNorm">The Frobenius norm of what it changed over that of the matrices changed; 0 for the base.</param>
/// <param name="ExternalEntropies">The entropy of every cut of its attention, the mean over prompts, layers and heads, nats.</param>
public sealed record ComparedRun(string Name, RunKind Kind, double Loss, double UpdateNorm, double[] ExternalEntropies);
