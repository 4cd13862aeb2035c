namespace Interp.Analysis.Lenses.Tuned;

/// <summary>One point of a training curve.</summary>
/// <param name="Step">The step, from 1 on.</param>
/// <param name="LossNats">The mean over layers of the divergence on that step's batch, nats a token.</param>
public sealed record TunedLensPoint(long Step, double LossNats);
