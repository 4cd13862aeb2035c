using static TorchSharp.torch;

namespace Interp.Models.Adapters;

/// <summary>What an adapter adds to one matrix, with the tensors that are trained.</summary>
internal interface ITrainableChange
{
    /// <summary>The trained tensors by their short names; owned by the change.</summary>
    IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <summary>B [out, r] and A [r, in] with their graph; ΔW is their product times the scale. In the present dispose scope.</summary>
    (Tensor B, Tensor A) Factors();
}
