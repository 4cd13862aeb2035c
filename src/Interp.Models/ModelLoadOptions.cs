using TorchSharp;

namespace Interp.Models;

/// <summary>How a checkpoint is loaded.</summary>
public sealed record ModelLoadOptions
{
    /// <summary>The element type of weights and activations; float32 unless asked otherwise.</summary>
    public torch.ScalarType Dtype { get; init; } = torch.ScalarType.Float32;

    /// <summary>Where the model lives; null is the CPU.</summary>
    public torch.Device? Device { get; init; }

    /// <summary>Whether weights that need no change are the checkpoint's own pages or copies.</summary>
    public WeightMemory Memory { get; init; }

    /// <summary>The most bytes that the weights may take in the element type asked; a larger model is refused before a byte is read. Null sets no limit.</summary>
    public long? LargestBytes { get; init; }

    /// <summary>The folder of a LoRA adapter (PEFT) to merge into the weights; null for none.</summary>
    public string? Adapter { get; init; }
}
