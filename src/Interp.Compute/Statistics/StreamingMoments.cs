using Interp.Compute.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Compute.Statistics;

/// <summary>
/// Count, mean, variance and range of each column of rows that arrive in batches; nothing but O(d) numbers is kept.
/// Float64, with the pairwise update of Chan, Golub and LeVeque (1983), so that a large mean does not eat the variance.
/// Not thread-safe; give each thread its own and <see cref="Merge"/> them in a fixed order.
/// </summary>
public sealed class StreamingMoments
{
    private readonly double[] _mean;
    private readonly double[] _squares;
    private readonly double[] _minimum;
    private readonly double[] _maximum;

    /// <summary>Starts with no rows.</summary>
    /// <param name="width">The number of columns d.</param>
    public StreamingMoments(int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        _mean = new double[width];
        _squares = new double[width];
        _minimum = new double[width];
        _maximum = new double[width];
        Array.Fill(_minimum, double.PositiveInfinity);
        Array.Fill(_maximum, double.NegativeInfinity);
    }

    /// <summary>The number of columns.</summary>
    public int Width => _mean.Length;

    /// <summary>The number of rows seen.</summary>
    public long Count { get; private set; }

    /// <summary>The mean of each column; zeros before the first row.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>The smallest value of each column; positive infinity before the first row.</summary>
    public ReadOnlySpan<double> Minimum => _minimum;

    /// <summary>The largest value of each column; negative infinity before the first row.</summary>
    public ReadOnlySpan<double> Maximum => _maximum;

    /// <summary>The variance of each column, divided by n − 1; NaN with fewer than two rows.</summary>
    public double[] Variance() => [.. _squares.Select(squares => Count > 1 ? squares / (Count - 1) : double.NaN)];

    /// <summary>Adds one row.</summary>
    /// <exception cref="ShapeMismatchException">The row has another width.</exception>
    public void Add(ReadOnlySpan<double> row)
    {
        if (row.Length != Width)
        {
            throw new ShapeMismatchException("a row of moments", $"[{Width}]", [row.Length]);
        }

        Count++;
        for (var i = 0; i < row.Length; i++)
        {
            var step = row[i] - _mean[i];
            _mean[i] += step / Count;
            _squares[i] += step * (row[i] - _mean[i]);
            _minimum[i] = Math.Min(_minimum[i], row[i]);
            _maximum[i] = Math.Max(_maximum[i], row[i]);
        }
    }

    /// <summary>Adds a batch of rows.</summary>
    /// <param name="rows">Rows <c>[n, d]</c> of any real dtype and device.</param>
    /// <exception cref="ShapeMismatchException">The rows have another width.</exception>
    public void Add(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.dim() != 2 || rows.shape[1] != Width)
        {
            throw new ShapeMismatchException("a batch of moments", $"[n, {Width}]", rows.shape);
        }

        if (rows.shape[0] == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var data = rows.detach().to(ScalarType.Float64);
        var mean = data.mean([0L]);
        Combine(rows.shape[0], mean.ToVector(), (data - mean).square().sum([0L]).ToVector(), data.amin([0L]).ToVector(), data.amax([0L]).ToVector());
    }

    /// <summary>Adds everything another instance has seen.</summary>
    /// <exception cref="ShapeMismatchException">It has another width.</exception>
    public void Merge(StreamingMoments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Width != Width)
        {
            throw new ShapeMismatchException("moments to merge", $"[{Width}]", [other.Width]);
        }

        if (other.Count > 0)
        {
            Combine(other.Count, other._mean, other._squares, other._minimum, other._maximum);
        }
    }

    private void Combine(long count, double[] mean, double[] squares, double[] minimum, double[] maximum)
    {
        var total = Count + count;
        for (var i = 0; i < Width; i++)
        {
            var step = mean[i] - _mean[i];
            _mean[i] += step * ((double)count / total);
            _squares[i] += squares[i] + (step * step * ((double)Count * count / total));
            _minimum[i] = Math.Min(_minimum[i], minimum[i]);
            _maximum[i] = Math.Max(_maximum[i], maximum[i]);
        }

        Count = total;
    }
}
