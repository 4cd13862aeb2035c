namespace Interp.Models;

/// <summary>Where a loaded model's weights lie.</summary>
public enum WeightMemory
{
    /// <summary>
    /// In the checkpoint's own pages wherever they can be used as they are, so that they are there once however many programs use
    /// them. Replacing a file by another is safe; overwriting or cutting it in place changes or stops the programs that use it.
    /// </summary>
    Mapped,

    /// <summary>In memory of the model's own.</summary>
    Copied,
}
