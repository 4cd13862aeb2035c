namespace Interp.Models.Transformer;

/// <summary>How rotary frequencies are stretched for longer contexts.</summary>
public enum RotaryScaling
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>All by one factor.</summary>
    Linear,

    /// <summary>The base grows with the length of the input, once it is beyond the original context.</summary>
    Dynamic,

    /// <summary>Low frequencies by a factor, high ones not, those between by interpolation over wavelengths (Llama 3.1).</summary>
    Llama3,

    /// <summary>Low frequencies by a factor, high ones not, those between by interpolation over dimensions (arXiv 2309.00071).</summary>
    Yarn,

    /// <summary>Each by a factor of its own; one list up to the original context, another beyond (arXiv 2402.13753).</summary>
    LongRope,
}
