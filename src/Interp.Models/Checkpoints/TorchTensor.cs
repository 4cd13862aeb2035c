using TorchSharp;

namespace Interp.Models.Checkpoints;

/// <summary>A tensor of a PyTorch file: a view of one of its storages.</summary>
/// <param name="Storage">The storage's key.</param>
/// <param name="Dtype">The element type.</param>
/// <param name="StorageCount">The elements of the storage.</param>
/// <param name="Offset">The first element.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Stride">The steps, in elements.</param>
public sealed record TorchTensor(string Storage, torch.ScalarType Dtype, long StorageCount, long Offset, IReadOnlyList<long> Shape, IReadOnlyList<long> Stride)
{
    /// <summary>Whether every element lies in the storage.</summary>
    internal bool IsSound()
    {
        if (Offset < 0 || Shape.Count != Stride.Count || Shape.Any(size => size < 0) || Stride.Any(step => step < 0))
        {
            return false;
        }

        if (Shape.Contains(0))
        {
            return true;
        }

        var last = (Int128)Offset;
        var elements = (Int128)1;
        for (var i = 0; i < Shape.Count; i++)
        {
            last += (Int128)(Shape[i] - 1) * Stride[i];
            elements *= Shape[i];
            if (last >= StorageCount || elements > StorageCount)
            {
                return false;
            }
        }

        return last < StorageCount;
    }
}
