namespace Interp.Models.Transformer;

/// <summary>Rotary position embedding: which angles, over how many of a head's dimensions.</summary>
public sealed record RotarySettings
{
    /// <summary>θ, the base of the frequencies θ^(−2i/d).</summary>
    public double Base { get; init; } = 10_000;

    /// <summary>d, how many leading dimensions of a head are rotated; the others pass through.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Whether neighbours (2i, 2i+1) form a pair; else i and i + d/2 do.</summary>
    public bool HasAdjacentPairs { get; init; }

    /// <summary>How the frequencies are stretched.</summary>
    public RotaryScaling Scaling { get; init; }

    /// <summary>The stretch f of <see cref="RotaryScaling.Linear"/> and <see cref="RotaryScaling.Llama3"/>.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Wavelengths above the original context over this are stretched whole (Llama 3).</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Wavelengths below the original context over this are left alone (Llama 3).</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>The context length before stretching (Llama 3).</summary>
    public int OriginalContextLength { get; init; } = 8192;
}
