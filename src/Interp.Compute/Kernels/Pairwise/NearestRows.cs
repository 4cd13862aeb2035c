using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Pairwise;

/// <summary>
/// The nearest other rows of every row, and all distances, without holding more than tiles of products. Candidates come from
/// products of centred float32 rows, Δ² = |a|² + |b|² − 2a·b; eight more than asked for are kept and recomputed from differences in
/// float64, so that close neighbours are told apart though their norms are large. A row is no neighbour of itself, by number.
/// </summary>
public static class NearestRows
{
    /// <summary>The most neighbours that are kept a row.</summary>
    public const int MostNeighbours = 1024;

    private const int Spare = 8;
    private const int TileRows = 1024;
    private const double SmallWork = 3e7;

    /// <summary>The neighbours; costs n²·d multiplications.</summary>
    /// <param name="rows">Rows <c>[n, d]</c> of any real dtype and device.</param>
    /// <param name="count">How many neighbours of each; fewer where there are fewer rows.</param>
    /// <param name="backend">Which version.</param>
    /// <param name="cancellation">Stops between tiles.</param>
    /// <exception cref="ShapeMismatchException">The rows are no matrix.</exception>
    /// <exception cref="InterpException">There is only one row, or a number is not finite.</exception>
    public static NeighbourTable Of(Tensor rows, int count, PairwiseBackend backend = PairwiseBackend.Auto, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostNeighbours);
        RequireRows(rows);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var exact = rows.detach().to(ScalarType.Float64).cpu().contiguous();
        SymmetricEigen.RequireFinite(exact, "the rows to compare");
        var n = (int)exact.shape[0];
        var kept = Math.Min(count, n - 1);
        var isSmall = (double)n * n * exact.shape[1] <= SmallWork;
        var choice = backend != PairwiseBackend.Auto ? backend : isSmall ? PairwiseBackend.Reference : PairwiseBackend.Cpu;
        var candidates = Math.Min(kept + Spare, n - 1);
        var found = choice switch
        {
            PairwiseBackend.Reference => ReferenceTopK.Of(exact, candidates, cancellation),
            PairwiseBackend.Gpu => GpuTopK.Of(Centred(exact).to(rows.device), candidates),
            _ => Tiled(Centred(exact), candidates, cancellation),
        };
        return ExactDistances.Sort(exact, found, kept, cancellation);
    }

    /// <summary>All distances, <c>[n, n]</c> float64 with zeros on the diagonal, owned by the caller; costs n²·d and holds n².</summary>
    /// <inheritdoc cref="Of"/>
    public static Tensor AllDistances(Tensor rows, PairwiseBackend backend = PairwiseBackend.Auto)
    {
        RequireRows(rows);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var exact = rows.detach().to(ScalarType.Float64).cpu().contiguous();
        SymmetricEigen.RequireFinite(exact, "the rows to compare");
        if (backend == PairwiseBackend.Gpu)
        {
            return GpuTopK.Distances(exact.to(rows.device)).cpu().MoveToOuterDisposeScope();
        }

        // Products in float64 of centred rows lose nothing that matters here; the reference takes differences.
        var isExact = backend == PairwiseBackend.Reference || (double)exact.shape[0] * exact.shape[0] * exact.shape[1] <= SmallWork;
        var distances = isExact ? ReferenceTopK.Distances(exact) : FromProducts(exact - exact.mean([0L], keepdim: true));
        distances.diagonal().zero_();
        return distances.MoveToOuterDisposeScope();
    }

    private static void RequireRows(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        KernelChoice.RequireMemory(rows);
        if (rows.dim() != 2 || rows.shape[1] < 1)
        {
            throw new ShapeMismatchException("the rows to compare", "[n, d ≥ 1]", rows.shape);
        }

        if (rows.shape[0] < 2)
        {
            throw new InterpException($"neighbours need at least two rows, but there {(rows.shape[0] == 1 ? "is one" : "are none")}: choose more rows");
        }
    }

    private static Tensor Centred(Tensor exact) => (exact - exact.mean([0L], keepdim: true)).to(ScalarType.Float32).contiguous();

    private static Tensor FromProducts(Tensor centred)
    {
        var squares = centred.square().sum([1L]);
        var products = centred.matmul(centred.t());
        return (squares.unsqueeze(1) + squares.unsqueeze(0) - (2 * products)).clamp_min(0).sqrt();
    }

    private static int[,] Tiled(Tensor rows, int candidates, CancellationToken cancellation)
    {
        using var pass = new TopKPass(rows, candidates, TileRows);
        var n = (int)rows.shape[0];
        for (var first = 0; first < n; first += TileRows)
        {
            for (var second = first; second < n; second += TileRows)
            {
                cancellation.ThrowIfCancellationRequested();
                pass.Tile(first, second);
            }
        }

        return pass.Rows();
    }
}
