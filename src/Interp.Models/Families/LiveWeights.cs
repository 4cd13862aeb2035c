using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>Tensors in memory themselves, not copies: what is computed from them has gradients with respect to them.</summary>
/// <param name="tensors">The tensors under the checkpoint's names.</param>
/// <param name="change">What takes a tensor's place, given its name, such as a matrix plus an adapter's product; null changes none.</param>
internal sealed class LiveWeights(IReadOnlyDictionary<string, Tensor> tensors, Func<string, Tensor, Tensor>? change) : IWeightSource
{
    public IReadOnlyCollection<string> Names => [.. tensors.Keys];

    public IReadOnlyList<long> Shape(string name) => tensors[name].shape;

    // A handle of its own, which the family may free.
    public Tensor Read(string name, ScalarType dtype, Device device)
    {
        var tensor = tensors[name];
        var read = change?.Invoke(name, tensor) ?? tensor;
        return read.dtype == dtype ? read.alias() : read.to(dtype);
    }

    // A copy that is recorded: gradients go through it to the tensor.
    public void Read(string name, Tensor target)
    {
        using var read = Read(name, target.dtype, target.device);
        using var shaped = read.view(target.shape);
        target.copy_(shaped);
    }

    public bool Matches(string name, Tensor other)
    {
        using var scope = NewDisposeScope();
        return !tensors[name].detach().ne(other.detach()).any().item<bool>();
    }
}
