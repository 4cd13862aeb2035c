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
            ? new UnitRows((scaled.Count == 1 ? scaled[0] : cat(scaled, 0)).contiguous().DetachFromDisposeScope(), [.. numbers], (int)rows.shape[0])
            : throw new InterpException($"cosines need at least two rows that are not zero, but {numbers.Count} of {rows.shape[0]} rows are such: choose another matrix");
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();

    private static Tensor Scale(Tensor block, ScalarType dtype, int first, List<int> numbers)
    {
        using var scope = NewDisposeScope();
        var rows = block.detach();

        // Float32 squares neither vanish nor overflow in float64; float64 rows are divided by their largest entry first.
        if (rows.dtype == ScalarType.Float64)
        {
            var largest = rows.abs().amax([1L], keepdim: true);
            rows = rows / largest.masked_fill(largest.eq(0), 1);
        }

        var norms = rows.to(ScalarType.Float64).square().sum(1, keepdim: true).sqrt();
        SymmetricEigen.RequireFinite(norms, "the rows to compare");
        var kept = norms.squeeze(1).gt(0).nonzero().squeeze(1).cpu().data<long>().ToArray();
        numbers.AddRange(kept.Select(index => first + (int)index));
        if (kept.Length < rows.shape[0])
        {
            var places = tensor(kept, device: rows.device);
            rows = rows.index_select(0, places);
            norms = norms.index_select(0, places);
        }

        return (rows.to(dtype) / norms.to(dtype)).MoveToOuterDisposeScope();
    }
}
