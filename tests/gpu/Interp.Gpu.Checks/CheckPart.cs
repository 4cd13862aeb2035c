namespace Interp.Gpu.Checks;

/// <summary>The parts of a run, the most valuable first.</summary>
internal enum CheckPart
{
    /// <summary>Every kernel against float64.</summary>
    Correctness,

    /// <summary>The time of a training step.</summary>
    Step,

    /// <summary>The time of the cosines' histogram.</summary>
    Cosines,

    /// <summary>The times of the other kernels, and the copy bandwidth.</summary>
    Kernels,
}
