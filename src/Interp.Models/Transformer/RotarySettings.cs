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

    /// <summary>The stretch f.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>What cosines and sines are multiplied by (YaRN, LongRoPE).</summary>
    public double AttentionFactor { get; init; } = 1;

    /// <summary>The context length before stretching.</summary>
    public int OriginalContextLength { get; init; } = 8192;

    /// <summary>Wavelengths above the original context over this are stretched whole (Llama 3).</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Wavelengths below the original context over this are left alone (Llama 3).</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>Dimensions that turn more often than this over the original context are left alone (YaRN).</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>Dimensions that turn less often than this over the original context are stretched whole (YaRN).</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>Whether the bounds between those are rounded to whole dimensions (YaRN).</summary>
    public bool HasWholeBounds { get; init; } = true;

    /// <summary>The factor of each frequency up to the original context (LongRoPE).</summary>
    public IReadOnlyList<double> ShortFactors { get; init; } = [];

    /// <summary>The factor of each frequency beyond it (LongRoPE).</summary>
    public IReadOnlyList<double> LongFactors { get; init; } = [];

    /// <summary>Whether the angles depend on the length of the input.</summary>
    internal bool DependsOnLength => Scaling is RotaryScaling.Dynamic or RotaryScaling.LongRope;
}
