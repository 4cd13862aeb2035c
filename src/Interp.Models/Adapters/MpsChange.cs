using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Adapters;

/// <summary>
/// A matrix-product-state adapter: ΔW = B·A with an ordinary B [out, r] and A [r, in] contracted from two cores of bond dimension χ
/// over in = d₁·d₂. It holds r·out + r·d₁·χ + χ·d₂ numbers (or r·out + d₁·χ + χ·d₂·r).
/// </summary>
/// <remarks>
/// Source: arXiv 2601.06788 names the adapter; which core carries r and how the cores start is not settled there, so the layout is an
/// option. Cores are normal with χ σ⁴ = 1/(3 in), which gives A the variance of LoRA's; B starts at zero.
/// </remarks>
internal sealed class MpsChange : ITrainableChange
{
    private const string First = "core1";
    private const string Second = "core2";

    private readonly MpsLayout _layout;
    private readonly int _rank;

    /// <summary>Draws a new change.</summary>
    /// <param name="outputs">Rows of the matrix.</param>
    /// <param name="inputs">Columns of the matrix.</param>
    /// <param name="rank">r.</param>
    /// <param name="bond">χ.</param>
    /// <param name="firstDimension">d₁, a divisor of the inputs; 0 for the one closest to their root.</param>
    /// <param name="layout">Which core carries r.</param>
    /// <param name="random">The source of the cores.</param>
    /// <param name="device">Where the tensors are.</param>
    /// <exception cref="InterpException">d₁ does not divide the inputs.</exception>
    public MpsChange(int outputs, int inputs, int rank, int bond, int firstDimension, MpsLayout layout, SplitMix64 random, Device device)
    {
        if (firstDimension > 0 && inputs % firstDimension != 0)
        {
            throw new InterpException($"the first site of {firstDimension} does not divide the {inputs} inputs of a matrix: choose a divisor, or 0 to have one chosen");
        }

        var d1 = firstDimension > 0 ? firstDimension : BalancedDivisor(inputs);
        var d2 = inputs / d1;
        var deviation = Math.Pow(1 / (3.0 * inputs * bond), 0.25);
        (_layout, _rank) = (layout, rank);
        var isFirst = layout == MpsLayout.RankOnFirstCore;
        Parameters = new Dictionary<string, Tensor>
        {
            ["B"] = zeros(outputs, rank, device: device).DetachFromDisposeScope(),
            [First] = isFirst ? TrainableDraws.Normal(random, deviation, device, rank, d1, bond) : TrainableDraws.Normal(random, deviation, device, d1, bond),
            [Second] = isFirst ? TrainableDraws.Normal(random, deviation, device, bond, d2) : TrainableDraws.Normal(random, deviation, device, bond, d2, rank),
        };
    }

    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    public (Tensor B, Tensor A) Factors()
    {
        var (first, second) = (Parameters[First], Parameters[Second]);
        var a = _layout == MpsLayout.RankOnFirstCore
            ? first.matmul(second).flatten(1) // [r, d1, χ]·[χ, d2]
            : einsum("ix,xja->aij", first, second).reshape(_rank, -1);
        return (Parameters["B"].alias(), a);
    }

    /// <summary>The divisor closest to the root, the smaller of two equally close.</summary>
    internal static int BalancedDivisor(int number)
    {
        var divisor = (int)Math.Sqrt(number);
        while (number % divisor != 0)
        {
            divisor--;
        }

        return divisor;
    }
}
