using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>
/// The cosines of all pairs of rows of a matrix <c>[V, d]</c>, without forming V × V: moments through the Gram matrix at the
/// cost of V·d², and the distribution tile by tile at the cost of V²·d/2 multiplications.
/// </summary>
public static class RowCosines
{
    /// <summary>Up to this many multiplications (a hundredth of a second) the moments are taken in float64 throughout.</summary>
    private const double SmallProducts = 1e9;

    /// <summary>Up to this many rows the distribution is taken in float64 where nothing else is asked for.</summary>
    private const int ExactRows = 4096;

    /// <summary>
    /// Mean and spread, exact up to rounding: float64 throughout where V·d² is small or the mean is near 1; else float32 rows and
    /// products of 8192 rows with float64 sums, which agree with the sum over all pairs within 1e-8. Memory O(d²) beside the rows.
    /// </summary>
    /// <param name="rows">Rows <c>[V, d]</c>, any real dtype and device; rows of norm 0 are left out.</param>
    /// <param name="progress">Receives every finished block of rows.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="ShapeMismatchException">The rows are no matrix.</exception>
    /// <exception cref="InterpException">A number is not finite, or fewer than two rows have a direction.</exception>
    public static CosineMoments Moments(Tensor rows, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        UnitRows.RequireMatrix(rows);
        return GramMoments.Of(rows, Products(rows), null, progress, cancellation);
    }

    /// <summary>The moments after a row is taken from every row, as their mean; the same otherwise as <see cref="Moments"/>.</summary>
    /// <param name="rows">Rows <c>[V, d]</c>.</param>
    /// <param name="centre">The row <c>[d]</c>, float64, on the rows' device.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="InterpException">A number is not finite, or fewer than two rows differ from the centre.</exception>
    public static CosineMoments MomentsAround(Tensor rows, Tensor centre, CancellationToken cancellation = default)
    {
        UnitRows.RequireMatrix(rows);
        ArgumentNullException.ThrowIfNull(centre);
        return GramMoments.Of(rows, Products(rows), centre, null, cancellation);
    }

    /// <summary>
    /// The moments of the rows without each of several random blocks of them, for a jackknife. From K − K_b, so that all of
    /// them together cost no more than twice V·d² products in float64.
    /// </summary>
    /// <param name="rows">Rows <c>[V, d]</c>, any real dtype and device; rows of norm 0 are left out.</param>
    /// <param name="blocks">How many blocks, from 2 to V − 2; their sizes differ by one at most.</param>
    /// <param name="seed">Which rows share a block.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="InterpException">A number is not finite, or there are too few rows with a direction.</exception>
    public static IReadOnlyList<CosineMoments> MomentsWithoutBlocks(Tensor rows, int blocks, long seed, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 2);
        UnitRows.RequireMatrix(rows);
        return LeaveOutMoments.OfRandomBlocks(rows, blocks, seed, cancellation);
    }

    /// <summary>The moments inside each group of rows and of all rows without it, at no more than twice V·d² products in float64.</summary>
    /// <param name="rows">Rows <c>[V, d]</c>, any real dtype and device; rows of norm 0 are left out.</param>
    /// <param name="groups">The group of each row, from 0; numbers without rows give a group of none.</param>
    /// <param name="cancellation">Stops between groups.</param>
    /// <exception cref="InterpException">A number is not finite.</exception>
    public static IReadOnlyList<GroupMoments> MomentsByGroup(Tensor rows, IReadOnlyList<int> groups, CancellationToken cancellation = default)
    {
        UnitRows.RequireMatrix(rows);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentOutOfRangeException.ThrowIfNotEqual(groups.Count, rows.shape[0]);
        var members = Enumerable.Range(0, groups.Max() + 1).Select(_ => new List<long>()).ToArray();
        for (var row = 0; row < groups.Count; row++)
        {
            members[groups[row]].Add(row);
        }

        return LeaveOutMoments.Of(rows, [.. members.Select(list => list.ToArray())], cancellation);
    }

    /// <summary>The distribution, the extremes and every row's nearest other row. Up to 4096 rows the reference
    /// and the automatic choice take the products in float64; else products are taken in float32.</summary>
    /// <param name="rows">Rows <c>[V, d]</c>, any real dtype and device; rows of norm 0 are left out.</param>
    /// <param name="options">Bins, threshold and version; null for the defaults.</param>
    /// <param name="progress">Receives every finished tile.</param>
    /// <param name="cancellation">Stops between tiles.</param>
    /// <exception cref="ShapeMismatchException">The rows are no matrix.</exception>
    /// <exception cref="InterpException">A number is not finite, or fewer than two rows have a direction.</exception>
    public static CosineHistogram Histogram(
        Tensor rows, CosineOptions? options = null, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new CosineOptions();
        if (options.Bins < 2 || options.Bins % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Bins, "the number of bins must be even and positive");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.TileRows);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        UnitRows.RequireMatrix(rows);
        var backend = Choose(options.Backend, rows);
        using var unit = UnitRows.Of(rows, backend == CosineBackend.Reference && IsExact(rows) ? ScalarType.Float64 : ScalarType.Float32, cancellation);
        var tally = new CosineTally(unit.Count, options);
        var pass = Create(backend, unit, tally);
        try
        {
            Run(pass, unit.Count, options.TileRows, progress, cancellation);
        }
        finally
        {
            (pass as IDisposable)?.Dispose();
        }

        return tally.ToHistogram(unit);
    }

    /// <summary>The nearest and farthest other rows of a few rows, by cosines in float64; of equal ones the lower number first.</summary>
    /// <param name="rows">Rows <c>[V, d]</c>, any real dtype and device; rows of norm 0 are neighbours of none.</param>
    /// <param name="asked">The rows whose neighbours are wanted.</param>
    /// <param name="count">How many on each side; fewer where there are fewer.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <returns>For each row asked for, the nearest (largest cosine first) and the farthest (smallest first).</returns>
    /// <exception cref="InterpException">A number is not finite, or a row asked for is zero.</exception>
    public static IReadOnlyList<(IReadOnlyList<(int Row, double Cosine)> Nearest, IReadOnlyList<(int Row, double Cosine)> Farthest)> Neighbours(
        Tensor rows, IReadOnlyList<int> asked, int count, CancellationToken cancellation = default)
    {
        UnitRows.RequireMatrix(rows);
        ArgumentNullException.ThrowIfNull(asked);
        return AskedNeighbours.Of(rows, asked, count, cancellation);
    }

    private static ScalarType Products(Tensor rows) =>
        rows.shape[0] * (double)rows.shape[1] * rows.shape[1] <= SmallProducts ? ScalarType.Float64 : ScalarType.Float32;

    private static CosineBackend Choose(CosineBackend asked, Tensor rows) => asked != CosineBackend.Auto ? asked
        : rows.device_type == DeviceType.CPU && !IsExact(rows) ? CosineBackend.Cpu : CosineBackend.Reference;

    private static bool IsExact(Tensor rows) => rows.shape[0] <= ExactRows;

    private static ICosinePass Create(CosineBackend backend, UnitRows rows, CosineTally tally) => backend switch
    {
        CosineBackend.Reference => new ReferenceCosinePass(rows, tally),
        CosineBackend.Cpu => new CpuCosinePass(rows, tally),
        CosineBackend.Gpu => new GpuCosinePass(rows, tally),
        _ => throw new ArgumentOutOfRangeException(nameof(backend), backend, null),
    };

    private static void Run(ICosinePass pass, int count, int tileRows, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        long bands = (count + tileRows - 1) / tileRows;
        var done = 0L;
        for (var first = 0; first < count; first += tileRows)
        {
            for (var second = first; second < count; second += tileRows)
            {
                cancellation.ThrowIfCancellationRequested();
                pass.Tile(first, second);
                progress?.Report(new StepProgress("compare rows", ++done, bands * (bands + 1) / 2, "tiles"));
            }
        }

        pass.Finish();
    }
}
