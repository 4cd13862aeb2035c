using TorchSharp;

namespace Interp.Models.Checkpoints;

/// <summary>One tensor of a checkpoint file, as its header describes it.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Dtype">The element type on disk.</param>
/// <param name="Shape">The sizes; empty for a scalar.</param>
/// <param name="Begin">The first byte, relative to the start of the data.</param>
/// <param name="End">One past the last byte, relative to the start of the data.</param>
public sealed record TensorEntry(string Name, torch.ScalarType Dtype, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>The number of elements.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The number of bytes.</summary>
    public long ByteCount => End - Begin;
}
