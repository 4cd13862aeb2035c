namespace Interp.Analysis.Geometry.Objective;

/// <summary>How one training went. Accuracies are the best of its evaluations, as in the paper.</summary>
/// <param name="Dimension">The coordinates trained; all parameters for full training.</param>
/// <param name="Draw">Which subspace of this dimension, from 0.</param>
/// <param name="Steps">The steps taken.</param>
/// <param name="TrainLoss">The mean loss on the training examples at the end, nats.</param>
/// <param name="TrainAccuracy">The best accuracy on the training examples, 0–1.</param>
/// <param name="HeldOutLoss">The mean loss on the held-out examples at the end, nats.</param>
/// <param name="HeldOutAccuracy">The best accuracy on the held-out examples, 0–1.</param>
public sealed record SubspaceTraining(int Dimension, int Draw, int Steps, double TrainLoss, double TrainAccuracy, double HeldOutLoss, double HeldOutAccuracy);
