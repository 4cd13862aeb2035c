namespace Interp.Analysis.Atoms.Recovery;

/// <summary>Which directions are planted.</summary>
public enum PlantedDirections
{
    /// <summary>Mutually unbiased bases of 64 dimensions: all cosines 0 or ±1/8.</summary>
    Unbiased,

    /// <summary>Independent random directions.</summary>
    Random,
}
