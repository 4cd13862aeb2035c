using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>Rows scaled to unit length, without those that have no direction.</summary>
internal sealed class UnitRows : IDisposable
{
    private const int BlockRows = 8192;

    private UnitRows(Tensor values, int[] numbers, int given)
    {
        Values = values;
        Numbers = numbers;
        Given = given;
    }

    /// <summary>The unit rows <c>[V, d]</c>, float32 or float64, contiguous, on the device of the rows given.</summary>
    public Tensor Values { get; }

    /// <summary>The number that each kept row had among the rows given.</summary>
    public int[] Numbers { get; }

    /// <summary>How many rows were given.</summary>
    public int Given { get; }

    /// <summary>The number of rows kept, V.</summary>
    public int Count => Numbers.Length;

    /// <summary>The width d.</summary>
    public int Dimension => (int)Values.shape[1];

    /// <summary>Scales the rows. Norms are taken in float64, so that neither tiny nor huge rows lose their direction.</summary>
    /// <exception cref="ShapeMismatchException">The rows are no matrix.</exception>
    /// <exception cref="InterpException">A number is not finite, or fewer than two rows have a direction.</exception>
    public static UnitRows Of(Tensor rows, ScalarType dtype, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.dim() != 2 || rows.shape[1] < 1)
        {
            throw new ShapeMismatchException("the rows to compare", "[V, d ≥ 1]", rows.shape);
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var scaled = new List<Tensor>();
        var numbers = new List<int>();
        for (long first = 0; first < rows.shape[0]; first += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            scaled.Add(Scale(rows.narrow(0, first, Math.Min(BlockRows, rows.shape[0] - first)), dtype, (int)first, numbers));
        }

        return numbers.Count >= 2
            ? new UnitRows(cat(scaled, 0).contiguous().DetachFromDisposeScope(), [.. numbers], (int)rows.shape[0])
            : throw new InterpException($"cosines need at least two rows that are not zero, but {numbers.Count} of {rows.shape[0]} rows are such: choose another matrix");
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();

    private static Tensor Scale(Tensor block, ScalarType dtype, int first, List<int> numbers)
    {
        using var scope = NewDisposeScope();
        var wide = block.detach().to(ScalarType.Float64);
        SymmetricEigen.RequireFinite(wide, "the rows to compare");

        // Divided by the largest entry first: the square of 1e-200 is zero.
        var largest = wide.abs().amax([1L], keepdim: true);
        var kept = largest.squeeze(1).gt(0).nonzero().squeeze(1);
        var some = wide.index_select(0, kept);
        some = some / largest.index_select(0, kept);
        numbers.AddRange(kept.cpu().data<long>().ToArray().Select(index => first + (int)index));
        return (some / some.square().sum(1, keepdim: true).sqrt()).to(dtype).MoveToOuterDisposeScope();
    }
}
