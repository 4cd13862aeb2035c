namespace Interp.Analysis.Atoms.Training;

/// <summary>What is done about latents that no longer fire.</summary>
public enum DeadLatentRemedy
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A small loss Σ max(θ − z, 0)·‖d‖ over dead latents.</summary>
    PreActivation,

    /// <summary>Dead latents start again on rows that are reconstructed badly.</summary>
    Resample,
}
