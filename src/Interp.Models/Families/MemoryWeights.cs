using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>Tensors in memory, copied as they are taken.</summary>
internal sealed class MemoryWeights(IReadOnlyDictionary<string, Tensor> tensors) : IWeightSource
{
    public IReadOnlyCollection<string> Names => [.. tensors.Keys];

    public IReadOnlyList<long> Shape(string name) => tensors[name].shape;

    public Tensor Read(string name, ScalarType dtype, Device device)
    {
        using var detached = tensors[name].detach();
        return detached.to(dtype, device, copy: true);
    }
}
