namespace Interp.Analysis.Atoms.Training;

/// <summary>The kinds of dictionary that can be trained.</summary>
public enum TrainedArchitecture
{
    /// <summary>One threshold a latent, trained through straight-through estimators.</summary>
    JumpRelu,
}
