using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>
/// The cosines and sines of rotary position embedding, and the rotation (arXiv 2104.09864). Angles are computed in float32, as
/// the reference implementations do, or in float64 for a float64 model, and cast at the very end.
/// </summary>
internal sealed class Rotary : IDisposable
{
    private readonly RotarySettings _settings;
    private readonly Tensor _cosines; // [position, d]
    private readonly Tensor _sines;   // [position, d]

    /// <summary>Makes the tables for inputs of up to a length; kept ones belong to no dispose scope, others to the present one.</summary>
    public Rotary(RotarySettings settings, int length, ScalarType dtype, Device device, bool isKept = true)
    {
        _settings = settings;
        using var scope = NewDisposeScope();
        var precision = dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var frequencies = tensor(RotaryFrequencies.Of(settings, length, precision)).to(precision);
        var angles = arange(length, dtype: precision).unsqueeze(1) * frequencies.unsqueeze(0);
        angles = settings.HasAdjacentPairs ? angles.repeat_interleave(2, 1) : cat([angles, angles], 1);
        _cosines = (angles.cos() * settings.AttentionFactor).to(dtype, device).MoveToOuterDisposeScope();
        _sines = (angles.sin() * settings.AttentionFactor).to(dtype, device).MoveToOuterDisposeScope();
        if (isKept)
        {
            _cosines.DetachFromDisposeScope();
            _sines.DetachFromDisposeScope();
        }
    }

    /// <summary>Rotates queries or keys.</summary>
    /// <param name="value">[batch, position, head, d_head].</param>
    /// <param name="span">The positions.</param>
    public Tensor Rotate(Tensor value, RunSpan span)
    {
        using var scope = NewDisposeScope();
        var cosines = span.Rows(_cosines).unsqueeze(2); // [b or 1, p, 1, d]
        var sines = span.Rows(_sines).unsqueeze(2);
        var whole = value.shape[3];
        var turned = whole == _settings.Dimensions ? value : value.narrow(3, 0, _settings.Dimensions);
        var rotated = (turned * cosines) + (Quarter(turned) * sines);
        if (whole > _settings.Dimensions)
        {
            rotated = cat([rotated, value.narrow(3, _settings.Dimensions, whole - _settings.Dimensions)], 3);
        }

        return rotated.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _cosines.Dispose();
        _sines.Dispose();
    }

    /// <summary>Every pair (x, y) turned by a quarter: (−y, x).</summary>
    private Tensor Quarter(Tensor value)
    {
        var d = _settings.Dimensions;
        if (_settings.HasAdjacentPairs)
        {
            var pairs = value.reshape([.. value.shape[..3], d / 2, 2]);
            return stack([-pairs.select(4, 1), pairs.select(4, 0)], -1).reshape(value.shape);
        }

        return cat([-value.narrow(3, d / 2, d / 2), value.narrow(3, 0, d / 2)], 3);
    }
}
