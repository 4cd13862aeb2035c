namespace Interp.Models.Training;

/// <summary>Why a training run ended.</summary>
public enum StopReason
{
    /// <summary>All steps were taken without the target accuracy being reached and its countdown ending.</summary>
    AllStepsTaken,

    /// <summary>The countdown after the target accuracy ended.</summary>
    TargetReached,
}
