using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>Where a model's tensors come from.</summary>
internal interface IWeightSource
{
    IReadOnlyCollection<string> Names { get; }

    IReadOnlyList<long> Shape(string name);

    /// <summary>A new tensor of the asked type on the asked device.</summary>
    Tensor Read(string name, ScalarType dtype, Device device);
}
