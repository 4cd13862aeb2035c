using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>Sums over unit rows as rounded, in float64: s = Σ x, Σ‖x‖² and Σ‖x‖⁴.</summary>
internal sealed class UnitRowSums(int width)
{
    /// <summary>s.</summary>
    public double[] Sum { get; } = new double[width];

    /// <summary>Σ‖x‖².</summary>
    public double Squares { get; private set; }

    /// <summary>Σ‖x‖⁴.</summary>
    public double FourthPowers { get; private set; }

    /// <summary>Adds sums.</summary>
    public void Add(ReadOnlySpan<double> sum, double squares, double fourthPowers)
    {
        for (var column = 0; column < Sum.Length; column++)
        {
            Sum[column] += sum[column];
        }

        Squares += squares;
        FourthPowers += fourthPowers;
    }

    /// <summary>Adds unit rows <c>[n, d]</c>.</summary>
    public void Add(Tensor unit)
    {
        using var scope = NewDisposeScope();
        var rows = unit.to(ScalarType.Float64);
        var squares = rows.square().sum([1L]);
        Add(rows.sum([0L]).cpu().ToVector(), squares.sum().item<double>(), squares.square().sum().item<double>());
    }

    /// <summary>Takes away what another holds.</summary>
    public UnitRowSums Without(UnitRowSums part)
    {
        var rest = new UnitRowSums(Sum.Length);
        rest.Add(Sum, Squares - part.Squares, FourthPowers - part.FourthPowers);
        for (var column = 0; column < Sum.Length; column++)
        {
            rest.Sum[column] -= part.Sum[column];
        }

        return rest;
    }
}
