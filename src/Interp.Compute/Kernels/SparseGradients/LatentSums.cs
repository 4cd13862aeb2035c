using System.Numerics;
using Interp.Compute.Kernels.ThresholdCodes;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>What a latent's entries add up to beside its gradient rows.</summary>
internal struct LatentSums<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private T _window;
    private T _bias;
    private int _windowed;

    /// <summary>The rows that the latent is active on.</summary>
    public int Active { get; private set; }

    /// <summary>Adds an entry.</summary>
    /// <param name="inputs">The terms of the loss.</param>
    /// <param name="flags">The entry's bits.</param>
    /// <param name="byCode">df.</param>
    /// <param name="theta">The latent's threshold.</param>
    /// <param name="revival">The pull on the latent where it is not active; 0 for none.</param>
    /// <returns>The weight of the entry's input in the encoder's gradient: what reaches z, and where active the revival's pull taken back.</returns>
    public unsafe T Add(LatentInputs<T> inputs, int flags, T byCode, T theta, T revival)
    {
        var byZ = T.Zero;
        if ((flags & CodeTile.Window) != 0)
        {
            _window += byCode;
            _windowed++;
            byZ = inputs.StepToInput ? ((theta * byCode) + inputs.Slope) * inputs.InverseBandwidth : T.Zero;
        }

        if ((flags & CodeTile.Active) == 0)
        {
            _bias += byZ;
            return byZ;
        }

        Active++;
        byZ += byCode;
        _bias += byZ;
        return byZ + revival;
    }

    /// <summary>The latent's gradients, its rows already summed.</summary>
    public readonly unsafe LatentGradient<T> Finish(LatentInputs<T> inputs, T* byEncoder, T* byDecoder, T theta, T revival, bool isEmpty)
    {
        var pull = revival * T.CreateChecked(inputs.Codes.Rows - Active);
        var byThreshold = ((theta * _window) + (inputs.Slope * T.CreateChecked(_windowed))) * -inputs.InverseBandwidth;
        return new LatentGradient<T>
        {
            ByEncoder = byEncoder,
            ByDecoder = byDecoder,
            ByBias = _bias - pull,
            ByThreshold = byThreshold + pull,
            Firings = Active,
            IsZero = isEmpty && revival == T.Zero,
        };
    }
}
