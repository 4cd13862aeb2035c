namespace Interp.Models.Training;

/// <summary>How the learning rate goes on after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls in a straight line to zero after the last step.</summary>
    Linear,

    /// <summary>It falls along half a cosine to zero after the last step.</summary>
    Cosine,
}
