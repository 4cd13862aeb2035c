namespace Interp.Models.Training;

/// <summary>Where a training run keeps the state from which it can go on bit for bit.</summary>
public sealed record CheckpointPolicy
{
    /// <summary>The folder; <c>training-state.safetensors</c> is written there under another name and renamed when whole.</summary>
    public required string Folder { get; init; }

    /// <summary>Steps between checkpoints. One is also written at the end and on cancellation.</summary>
    public int EverySteps { get; init; } = 500;

    /// <summary>What to do with a state that is already there.</summary>
    public ExistingState Existing { get; init; } = ExistingState.Resume;
}
