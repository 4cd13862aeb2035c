namespace Interp.Models.Training.FineTuning;

/// <summary>What fine-tuning changes.</summary>
public enum FineTuneMethod
{
    /// <summary>Every weight.</summary>
    Full,

    /// <summary>A low-rank change of some matrices (arXiv 2106.09685).</summary>
    Lora,

    /// <summary>A low-rank change one factor of which is a matrix product state (arXiv 2601.06788).</summary>
    Mps,
}
