using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>Rows scaled to unit length, without those that have no direction.</summary>
internal sealed class UnitRows : IDisposable
{
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
        RequireMatrix(rows);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var count = rows.shape[0];
        var values = empty([count, rows.shape[1]], dtype, rows.device);
        var numbers = new List<int>();
        for (long first = 0; first < count; first += RowScaling.BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var block = Math.Min(RowScaling.BlockRows, count - first);
            using var inner = NewDisposeScope();
            RowScaling.Into(rows.narrow(0, first, block), values.narrow(0, numbers.Count, block), (int)first, numbers);
        }

        return numbers.Count >= 2
            ? new UnitRows(values.narrow(0, 0, numbers.Count).DetachFromDisposeScope(), [.. numbers], (int)count)
            : throw TooFew(numbers.Count, count);
    }

    /// <summary>The error of a matrix without pairs.</summary>
    public static InterpException TooFew(long kept, long given) =>
        new($"cosines need at least two rows that are not zero, but {kept} of {given} rows are such: choose another matrix");

    /// <summary>Refuses what is no matrix.</summary>
    /// <exception cref="ShapeMismatchException">The rows are no matrix of at least one column.</exception>
    public static void RequireMatrix(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        KernelChoice.RequireMemory(rows);
        if (rows.dim() != 2 || rows.shape[1] < 1)
        {
            throw new ShapeMismatchException("the rows to compare", "[V, d ≥ 1]", rows.shape);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();
}
