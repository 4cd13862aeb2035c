namespace Interp.Models.Training;

/// <summary>What a training run does with the state of an earlier one.</summary>
public enum ExistingState
{
    /// <summary>Goes on from it.</summary>
    Resume,

    /// <summary>Starts again and replaces it.</summary>
    Replace,
}
