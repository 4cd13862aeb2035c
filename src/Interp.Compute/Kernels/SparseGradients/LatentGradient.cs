using System.Numerics;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>One latent's gradients; the rows belong to whoever computed them.</summary>
internal readonly unsafe struct LatentGradient<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Of the encoder's row.</summary>
    public T* ByEncoder { get; init; }

    /// <summary>Of the direction.</summary>
    public T* ByDecoder { get; init; }

    /// <summary>Of the encoder's bias.</summary>
    public T ByBias { get; init; }

    /// <summary>Of the threshold.</summary>
    public T ByThreshold { get; init; }

    /// <summary>The rows that the latent is active on.</summary>
    public int Firings { get; init; }

    /// <summary>Whether nothing acts on the latent; its rows are zeros then.</summary>
    public bool IsZero { get; init; }
}
