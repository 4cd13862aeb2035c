using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>The tensors of a checkpoint folder by name and shape: no bytes are read, so it costs nothing however large the model.</summary>
internal sealed class HeaderWeights(Checkpoint checkpoint) : IWeightSource
{
    public IReadOnlyCollection<string> Names => checkpoint.Names;

    public IReadOnlyList<long> Shape(string name) => checkpoint.Entry(name).Shape;

    public void Read(string name, Tensor target)
    {
    }

    // Headers alone have no values to compare.
    public bool Matches(string name, Tensor other) => true;

    public Tensor Read(string name, ScalarType dtype, Device device) => empty([.. Shape(name)], dtype, META);
}
