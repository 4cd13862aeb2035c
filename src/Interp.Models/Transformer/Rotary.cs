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

    public Rotary(RotarySettings settings, int contextLength, ScalarType dtype, Device device)
    {
        _settings = settings;
        using var scope = NewDisposeScope();
        var precision = dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var frequencies = tensor(Frequencies(settings, precision)).to(precision);
        var angles = arange(contextLength, dtype: precision).unsqueeze(1) * frequencies.unsqueeze(0);
        angles = settings.HasAdjacentPairs ? angles.repeat_interleave(2, 1) : cat([angles, angles], 1);
        _cosines = angles.cos().to(dtype, device).DetachFromDisposeScope();
        _sines = angles.sin().to(dtype, device).DetachFromDisposeScope();
    }

    /// <summary>The angle a position adds, per pair.</summary>
    internal static double[] Frequencies(RotarySettings settings, ScalarType precision)
    {
        var frequencies = new double[settings.Dimensions / 2];
        for (var i = 0; i < frequencies.Length; i++)
        {
            var exponent = 2.0 * i / settings.Dimensions;
            // In single precision every step is rounded where the reference rounds it.
            var frequency = precision == ScalarType.Float64
                ? 1 / Math.Pow(settings.Base, exponent)
                : 1f / MathF.Pow((float)settings.Base, (float)exponent);
            frequencies[i] = Stretch(frequency, settings);
        }

        return frequencies;
    }

    /// <summary>Rotates queries or keys.</summary>
    /// <param name="value">[batch, position, head, d_head].</param>
    public Tensor Rotate(Tensor value)
    {
        using var scope = NewDisposeScope();
        var positions = value.shape[1];
        var cosines = _cosines.narrow(0, 0, positions).unsqueeze(1); // [p, 1, d]
        var sines = _sines.narrow(0, 0, positions).unsqueeze(1);
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

    private static double Stretch(double frequency, RotarySettings settings)
    {
        switch (settings.Scaling)
        {
            case RotaryScaling.Linear:
                return frequency / settings.Factor;
            case RotaryScaling.Llama3:
                var wavelength = 2 * Math.PI / frequency;
                if (wavelength < settings.OriginalContextLength / settings.HighFrequencyFactor)
                {
                    return frequency;
                }

                if (wavelength > settings.OriginalContextLength / settings.LowFrequencyFactor)
                {
                    return frequency / settings.Factor;
                }

                var share = ((settings.OriginalContextLength / wavelength) - settings.LowFrequencyFactor)
                    / (settings.HighFrequencyFactor - settings.LowFrequencyFactor);
                return ((1 - share) * frequency / settings.Factor) + (share * frequency);
            default:
                return frequency;
        }
    }
}
