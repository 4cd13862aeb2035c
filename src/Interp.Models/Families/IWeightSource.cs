using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>Where a model's tensors come from.</summary>
internal interface IWeightSource
{
    IReadOnlyCollection<string> Names { get; }

    IReadOnlyList<long> Shape(string name);

    /// <summary>A tensor of the asked type on the asked device: the source's own pages where it has them so, else new memory.</summary>
    Tensor Read(string name, ScalarType dtype, Device device);

    /// <summary>Copies a tensor into memory that is there already, in C order and of any type; nothing else of its size is made.</summary>
    void Read(string name, Tensor target);

    /// <summary>Whether a tensor holds the values of another one in C order.</summary>
    bool Matches(string name, Tensor other);
}
