namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>What a step does to the length of rows.</summary>
public enum RowLength
{
    /// <summary>Rows may take any length.</summary>
    Free,

    /// <summary>Rows have length 1 and keep it.</summary>
    Unit,
}
