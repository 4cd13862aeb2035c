namespace Interp.Models.Training;

/// <summary>What a training state keeps beside its tensors.</summary>
/// <param name="EpochState">The random state before the current epoch was shuffled.</param>
/// <param name="EpochPosition">The examples taken from the current epoch.</param>
/// <param name="MemorizedStep">The first step whose batch was memorised, or null.</param>
/// <param name="History">The evaluations so far.</param>
internal sealed record TrainingNotes(ulong EpochState, int EpochPosition, int? MemorizedStep, IReadOnlyList<TrainingPoint> History);
