using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>
/// The cosines of all pairs of rows of a matrix <c>[V, d]</c>, without forming V × V: moments through the Gram matrix at the
/// cost of V·d², and the distribution tile by tile at the cost of V²·d/2 multiplications.
/// </summary>
public static class RowCosines
{
    /// <summary>Up to this many multiplications (a fraction of a second) the moments are taken in float64 throughout.</summary>
    private const double SmallProducts = 4e9;

    /// <summary>Mean and spread, exact up to rounding (1e-8 where V·d² is large). Memory O(V d + d²).</summary>
    /// <param name="rows">Rows <c>[V, d]</c>, any real dtype and device; rows of norm 0 are left out.</param>
    /// <param name="progress">Receives every finished block of rows.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="ShapeMismatchException">The rows are no matrix.</exception>
    /// <exception cref="InterpException">A number is not finite, or fewer than two rows have a direction.</exception>
    public static CosineMoments Moments(Tensor rows, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var isSmall = rows.dim() == 2 && rows.shape[0] * (double)rows.shape[1] * rows.shape[1] <= SmallProducts;
        using var unit = UnitRows.Of(rows, isSmall ? ScalarType.Float64 : ScalarType.Float32, cancellation);
        return GramMoments.Of(unit, progress, cancellation);
    }

    /// <summary>
    /// The moments of the rows without each of several random blocks of them, for a jackknife. From K − K_b, so that all of
    /// them together cost no more than three times <see cref="Moments"/>; products are taken in float64.
    /// </summary>
    /// <param name="rows">Rows <c>[V, d]</c>, any real dtype and device; rows of norm 0 are left out.</param>
    /// <param name="blocks">How many blocks, from 2 to V − 1; their sizes differ by one at most.</param>
    /// <param name="seed">Which rows share a block.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="InterpException">A number is not finite, or there are too few rows with a direction.</exception>
    public static IReadOnlyList<CosineMoments> MomentsWithoutBlocks(Tensor rows, int blocks, long seed, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 2);
        using var unit = UnitRows.Of(rows, ScalarType.Float32, cancellation);
        return unit.Count > blocks + 1
            ? LeaveOutMoments.Of(unit, blocks, seed, cancellation)
            : throw new InterpException($"{unit.Count} rows cannot be left out in {blocks} blocks: choose fewer blocks");
    }

    /// <summary>The distribution, the extremes and every row's nearest other row. Products are taken in float32.</summary>
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
        using var unit = UnitRows.Of(rows, ScalarType.Float32, cancellation);
        var tally = new CosineTally(unit.Count, options);
        var pass = Choose(options.Backend, unit, tally);
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

    private static ICosinePass Choose(CosineBackend backend, UnitRows rows, CosineTally tally) => backend switch
    {
        CosineBackend.Auto => Choose(rows.Values.device_type == DeviceType.CPU ? CosineBackend.Cpu : CosineBackend.Reference, rows, tally),
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
