using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>Tensors in memory, copied as they are taken.</summary>
internal sealed class MemoryWeights(IReadOnlyDictionary<string, Tensor> tensors) : IWeightSource
{
    public IReadOnlyCollection<string> Names => [.. tensors.Keys];

    public IReadOnlyList<long> Shape(string name) => tensors[name].shape;

    public void Read(string name, Tensor target)
    {
        using var detached = tensors[name].detach();
        using var shaped = detached.reshape(target.shape);
        target.copy_(shaped);
    }

    public bool Matches(string name, Tensor other)
    {
        using var scope = NewDisposeScope();
        return !tensors[name].detach().ne(other).any().item<bool>();
    }

    public Tensor Read(string name, ScalarType dtype, Device device)
    {
        using var detached = tensors[name].detach();
        return detached.to(dtype, device, copy: true);
    }
}
