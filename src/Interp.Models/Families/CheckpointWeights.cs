using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>The tensors of a checkpoint folder.</summary>
internal sealed class CheckpointWeights(Checkpoint checkpoint) : IWeightSource
{
    public IReadOnlyCollection<string> Names => checkpoint.Names;

    public IReadOnlyList<long> Shape(string name) => checkpoint.Entry(name).Shape;

    public Tensor Read(string name, ScalarType dtype, Device device) => checkpoint.Read(name, dtype, device);
}
