using Interp.Compute.Kernels.Rows;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>The memory of sweeps over latents, kept from step to step.</summary>
internal sealed class LatentMemory : IDisposable
{
    private PanelScratch[] _scratch = [];

    /// <summary>The panels of the upstream gradient.</summary>
    public NativeBuffer Upstream { get; } = new();

    /// <summary>The panels of the inputs.</summary>
    public NativeBuffer X { get; } = new();

    /// <summary>One part a worker.</summary>
    public PanelScratch[] Scratch(int workers)
    {
        while (_scratch.Length < workers)
        {
            _scratch = [.. _scratch, new PanelScratch()];
        }

        return _scratch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Upstream.Dispose();
        X.Dispose();
        Array.ForEach(_scratch, part => part.Dispose());
    }
}
