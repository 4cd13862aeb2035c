namespace Interp.Models.Transformer;

/// <summary>How rotary frequencies are stretched for longer contexts.</summary>
public enum RotaryScaling
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>All by one factor.</summary>
    Linear,

    /// <summary>Low frequencies by a factor, high ones not, those between by interpolation (Llama 3.1).</summary>
    Llama3,
}
