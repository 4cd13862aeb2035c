namespace Interp.Analysis.Circles.Fourier;

/// <summary>Mean cross-entropies over pairs, nats.</summary>
/// <param name="All">Over all p² pairs.</param>
/// <param name="Train">Over the training pairs; over all when they are not known.</param>
/// <param name="HeldOut">Over the other pairs; null when they are not known.</param>
public sealed record PairLosses(double All, double Train, double? HeldOut);
