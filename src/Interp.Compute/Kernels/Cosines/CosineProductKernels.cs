using ILGPU;
using Interp.Compute.Kernels.Elements;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>
/// Counts a tile of cosines that a matrix product made: each group of threads keeps a histogram in shared memory and adds it to the whole
/// when it has gone through its rows.
/// </summary>
internal static class CosineProductKernels
{
    /// <summary>The most bins on [−1, 1] that shared memory holds.</summary>
    public const int Bins = 8192;

    /// <summary>Rows that a group goes through together, column by column.</summary>
    public const int BandRows = 32;

    /// <summary>Groups of a launch: six for each multiprocessor of a large GPU, which is what their shared memory leaves room for.</summary>
    public const int MostGroups = 132 * 6;

    /// <summary>Counts the pairs i &lt; j of a tile in <see cref="Bins"/> bins.</summary>
    /// <param name="products">The cosines <c>[height, width]</c> of the tile.</param>
    /// <param name="counts">Added to, <c>[Bins]</c>.</param>
    /// <param name="totals">Added to: pairs above the threshold, and above it in magnitude.</param>
    /// <param name="tile">Its place and settings.</param>
    public static void Count<T>(ArrayView<T> products, ArrayView<long> counts, ArrayView<long> totals, CosineTile tile)
        where T : unmanaged, IElement<T>
    {
        var bins = SharedMemory.Allocate<int>(Bins);
        Clear(bins);
        Group.Barrier();
        int above = 0, magnitudeAbove = 0;
        for (var row = Grid.IdxX; row < tile.Height; row += Grid.DimX)
        {
            var first = IntrinsicMath.Max(0, tile.First + row + 1 - tile.Second);
            for (var column = first + Group.IdxX; column < tile.Width; column += Group.DimX)
            {
                var cosine = products[((long)row * tile.Width) + column].ToSingle();
                Atomic.Add(ref bins[Place(cosine, Bins)], 1);
                above += cosine > tile.Threshold ? 1 : 0;
                magnitudeAbove += IntrinsicMath.Abs(cosine) > tile.Threshold ? 1 : 0;
            }
        }

        Group.Barrier();
        Add(bins, counts);
        AddTotals(totals, above, magnitudeAbove);
    }

    /// <summary>Counts the pairs i &lt; j of a tile, and finds the smallest cosine and every row's nearest other row, of equal ones the first.</summary>
    /// <param name="products">The cosines <c>[height, width]</c> of the tile.</param>
    /// <param name="counts">Added to; as many equal bins on [−1, 1] as it is long. Beyond <see cref="Bins"/> they are counted without shared memory.</param>
    /// <param name="totals">Added to and compared with: see <see cref="CosineOrder.Totals"/>.</param>
    /// <param name="best">Compared with: each row's largest key (<see cref="CosineOrder.Key"/>).</param>
    /// <param name="tile">Its place and settings.</param>
    public static void CountNearest<T>(ArrayView<T> products, ArrayView<long> counts, ArrayView<long> totals, ArrayView<ulong> best, CosineTile tile)
        where T : unmanaged, IElement<T>
    {
        var bins = SharedMemory.Allocate<int>(Bins);
        var rowBest = SharedMemory.Allocate<ulong>(BandRows);
        Clear(bins);
        int above = 0, magnitudeAbove = 0;
        var minimum = float.PositiveInfinity;
        for (var start = Grid.IdxX * BandRows; start < tile.Height; start += Grid.DimX * BandRows)
        {
            var rows = IntrinsicMath.Min(BandRows, tile.Height - start);
            for (var row = Group.IdxX; row < BandRows; row += Group.DimX)
            {
                rowBest[row] = 0;
            }

            Group.Barrier();
            for (var column = Group.IdxX; column < tile.Width; column += Group.DimX)
            {
                var other = tile.Second + column;
                var columnBest = 0ul;
                for (var row = 0; row < rows && tile.First + start + row < other; row++)
                {
                    var cosine = products[((long)(start + row) * tile.Width) + column].ToSingle();
                    CountOne(cosine, bins, counts);
                    above += cosine > tile.Threshold ? 1 : 0;
                    magnitudeAbove += IntrinsicMath.Abs(cosine) > tile.Threshold ? 1 : 0;
                    minimum = IntrinsicMath.Min(minimum, cosine);
                    columnBest = IntrinsicMath.Max(columnBest, CosineOrder.Key(cosine, tile.First + start + row));
                    var key = CosineOrder.Key(cosine, other);
                    if (key > rowBest[row])
                    {
                        // Rare, once a row has seen some columns.
                        Atomic.Max(ref rowBest[row], key);
                    }
                }

                if (columnBest != 0)
                {
                    Atomic.Max(ref best[other], columnBest);
                }
            }

            Group.Barrier();
            for (var row = Group.IdxX; row < rows; row += Group.DimX)
            {
                if (rowBest[row] != 0)
                {
                    Atomic.Max(ref best[tile.First + start + row], rowBest[row]);
                }
            }

            Group.Barrier();
        }

        Group.Barrier();
        if (counts.Length <= Bins)
        {
            Add(bins, counts);
        }

        AddTotals(totals, above, magnitudeAbove);
        if (minimum < float.PositiveInfinity)
        {
            Atomic.Min(ref totals[CosineOrder.Minimum], (long)CosineOrder.Order(minimum));
        }
    }

    private static void CountOne(float cosine, ArrayView<int> bins, ArrayView<long> counts)
    {
        var place = Place(cosine, (int)counts.Length);
        if (counts.Length <= Bins)
        {
            Atomic.Add(ref bins[place], 1);
        }
        else
        {
            Atomic.Add(ref counts[place], 1L);
        }
    }

    private static int Place(float cosine, int bins) => IntrinsicMath.Min((int)IntrinsicMath.Max((cosine * (bins / 2)) + (bins / 2), 0f), bins - 1);

    private static void Clear(ArrayView<int> bins)
    {
        for (var bin = Group.IdxX; bin < Bins; bin += Group.DimX)
        {
            bins[bin] = 0;
        }
    }

    private static void Add(ArrayView<int> bins, ArrayView<long> counts)
    {
        for (var bin = Group.IdxX; bin < counts.Length; bin += Group.DimX)
        {
            if (bins[bin] != 0)
            {
                Atomic.Add(ref counts[bin], (long)bins[bin]);
            }
        }
    }

    private static void AddTotals(ArrayView<long> totals, int above, int magnitudeAbove)
    {
        if (magnitudeAbove != 0)
        {
            Atomic.Add(ref totals[CosineOrder.Above], (long)above);
            Atomic.Add(ref totals[CosineOrder.MagnitudeAbove], (long)magnitudeAbove);
        }
    }
}
