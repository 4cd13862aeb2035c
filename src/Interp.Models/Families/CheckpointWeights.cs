using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>The tensors of a checkpoint folder.</summary>
internal sealed class CheckpointWeights(Checkpoint checkpoint, WeightMemory memory) : IWeightSource
{
    public IReadOnlyCollection<string> Names => checkpoint.Names;

    public IReadOnlyList<long> Shape(string name) => checkpoint.Entry(name).Shape;

    public Tensor Read(string name, ScalarType dtype, Device device) =>
        (memory == WeightMemory.Mapped && device.type == DeviceType.CPU && checkpoint.Entry(name).Dtype == dtype ? checkpoint.TryMap(name) : null)
        ?? checkpoint.Read(name, dtype, device);

    public void Read(string name, Tensor target)
    {
        if (target.device_type == DeviceType.CPU)
        {
            checkpoint.Read(name, target);
            return;
        }

        using var copy = checkpoint.Read(name, target.dtype, target.device);
        target.copy_(copy.view(target.shape));
    }

    public bool Matches(string name, Tensor other)
    {
        using var here = other.cpu();
        return checkpoint.Matches(name, here);
    }
}
