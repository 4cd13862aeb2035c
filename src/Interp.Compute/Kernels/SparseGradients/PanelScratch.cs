using Interp.Compute.Kernels.Rows;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>One worker's memory for chunks of latents: their entries and their gradient rows.</summary>
internal sealed class PanelScratch : IDisposable
{
    /// <summary>Where each latent's entries begin.</summary>
    public NativeBuffer Starts { get; } = new();

    /// <summary>The row of each entry, with its bits.</summary>
    public NativeBuffer Rows { get; } = new();

    /// <summary>The code of each entry.</summary>
    public NativeBuffer Codes { get; } = new();

    /// <summary>df of each entry, then what reaches the encoder.</summary>
    public NativeBuffer ByCode { get; } = new();

    /// <summary>The gradient rows.</summary>
    public NativeBuffer Gradients { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        Starts.Dispose();
        Rows.Dispose();
        Codes.Dispose();
        ByCode.Dispose();
        Gradients.Dispose();
    }
}
