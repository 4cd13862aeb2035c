namespace Interp.Analysis.Atoms.Training;

/// <summary>Where directions start.</summary>
public enum DirectionStart
{
    /// <summary>At random.</summary>
    Random,

    /// <summary>At training rows drawn at random, seen from the centre.</summary>
    Samples,
}
