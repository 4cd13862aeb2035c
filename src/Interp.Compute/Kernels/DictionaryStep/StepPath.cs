namespace Interp.Compute.Kernels.DictionaryStep;

/// <summary>How a step is taken.</summary>
public enum StepPath
{
    /// <summary>Sparse where few entries are active or in the window, else dense.</summary>
    Auto,

    /// <summary>Only entries that are active or in the window are touched.</summary>
    Sparse,

    /// <summary>Products of whole matrices.</summary>
    Dense,
}
