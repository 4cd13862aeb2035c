using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>
/// s = Σ x and K = XᵀX of unit rows, gathered block by block. K is symmetric: of its bands of columns only the part from the
/// diagonal on is multiplied, which takes about two thirds of the whole product's time. Blocks are multiplied in their own dtype
/// and added in float64.
/// </summary>
internal sealed class GramSums : IDisposable
{
    private readonly int _band;
    private readonly Tensor _gram;

    public GramSums(int width, ScalarType products, Device device)
    {
        // The widths that libtorch's products of tall blocks take best.
        _band = products == ScalarType.Float64 ? 128 : 256;
        _gram = zeros([width, width], ScalarType.Float64, device).DetachFromDisposeScope();
        Sums = new UnitRowSums(width);
    }

    /// <summary>The sums over rows; whoever scales rows adds to them.</summary>
    public UnitRowSums Sums { get; }

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds the products of unit rows <c>[n, d]</c>; their sums are added separately.</summary>
    public void AddProducts(Tensor unit)
    {
        Rows += unit.shape[0];
        foreach (var (part, whole, _) in Parts(_gram, unit))
        {
            using var scope = NewDisposeScope();
            whole.add_(part.t().matmul(unit.narrow(1, unit.shape[1] - whole.shape[1], whole.shape[1])));
        }
    }

    /// <summary>Adds all that another has gathered.</summary>
    public void Add(GramSums other)
    {
        Rows += other.Rows;
        _gram.add_(other._gram);
        Sums.Add(other.Sums.Sum, other.Sums.Squares, other.Sums.FourthPowers);
    }

    /// <summary>The moments of what was gathered, or of that without another's part.</summary>
    /// <param name="zeroRows">Rows that were left out, for the record.</param>
    /// <param name="without">A part of what was gathered, or null.</param>
    public CosineMoments Moments(long zeroRows, GramSums? without = null)
    {
        using var scope = NewDisposeScope();
        var sums = without is null ? Sums : Sums.Without(without.Sums);
        var rows = Rows - (without?.Rows ?? 0);
        var gram = without is null ? _gram : _gram - without._gram;
        var square = 0.0;
        foreach (var (_, part, isDiagonal) in Parts(gram, gram))
        {
            var all = part.square().sum().item<double>();
            square += isDiagonal ? all : (2 * all) - part.narrow(1, 0, part.shape[0]).square().sum().item<double>();
        }

        var pairs = (double)rows * (rows - 1);
        var mean = (sums.Sum.Sum(value => value * value) - sums.Squares) / pairs;
        var meanSquare = (square - sums.FourthPowers) / pairs;
        return new CosineMoments(rows, zeroRows, (int)_gram.shape[0], mean, meanSquare, Math.Sqrt(Math.Max(meanSquare - (mean * mean), 0)));
    }

    /// <inheritdoc/>
    public void Dispose() => _gram.Dispose();

    /// <summary>The bands of columns, each with its rows of K from the diagonal on.</summary>
    private IEnumerable<(Tensor Columns, Tensor Part, bool IsDiagonal)> Parts(Tensor gram, Tensor columns)
    {
        var width = gram.shape[0];
        for (long first = 0; first < width; first += _band)
        {
            using var scope = NewDisposeScope();
            var band = Math.Min(_band, width - first);
            yield return (columns.narrow(1, first, band), gram.narrow(0, first, band).narrow(1, first, width - first), first + band == width);
        }
    }
}
