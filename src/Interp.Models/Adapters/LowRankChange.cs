using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Models.Adapters;

/// <summary>LoRA: B [out, r] of zeros and A [r, in] uniform within ±1/√in, so that ΔW = B·A begins at zero.</summary>
/// <remarks>Source: arXiv 2106.09685; the start of A is PEFT's (Kaiming-uniform with a = √5).</remarks>
internal sealed class LowRankChange : ITrainableChange
{
    /// <summary>Draws a new change, whose tensors are on a device.</summary>
    public LowRankChange(int outputs, int inputs, int rank, SplitMix64 random, Device device) => Parameters = new Dictionary<string, Tensor>
    {
        ["A"] = TrainableDraws.Uniform(random, 1 / Math.Sqrt(inputs), device, rank, inputs),
        ["B"] = zeros(outputs, rank, device: device).DetachFromDisposeScope(),
    };

    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    public (Tensor B, Tensor A) Factors() => (Parameters["B"].alias(), Parameters["A"].alias());
}
