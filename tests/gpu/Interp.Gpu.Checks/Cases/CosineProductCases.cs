using Interp.Compute.Kernels.Cosines;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks.Cases;

/// <summary>The histogram of a tile of cosines that a matrix product made, cell by cell.</summary>
internal static class CosineProductCases
{
    // Where the compiler fuses the product and the sum that find a cell, a cosine within a part in ten millions of an edge may fall to the other side.
    private const double Fused = 1.2e-7;

    public static IEnumerable<KernelCheck> All(int scale) => [.. Of<Float32>(scale), .. Of<Bfloat16>(scale), .. Of<Float16>(scale)];

    private static IEnumerable<KernelCheck> Of<T>(int scale)
        where T : unmanaged, IElement<T> =>
        new[] { (InputKind.Empty, 0, 5, 0, 0), (InputKind.Tiny, 1, 1, 0, 1), (InputKind.Odd, 7, 13, 3, 5), (InputKind.Random, 64, 64, 0, 0), (InputKind.Large, 300 * scale, 500, 100, 250) }
        .SelectMany(size => new[]
        {
            new KernelCheck(
                typeof(CosineProductKernels), [nameof(CosineProductKernels.Count)], typeof(T), size.Item1, 0, lane => Counts<T>(lane, size.Item2, size.Item3, size.Item4, size.Item5)),
            new KernelCheck(
                typeof(CosineProductKernels), [nameof(CosineProductKernels.CountNearest)], typeof(T), size.Item1, 0, lane => Nearest<T>(lane, 256, size.Item2, size.Item3, size.Item4, size.Item5)),
            new KernelCheck(
                typeof(CosineProductKernels), [nameof(CosineProductKernels.CountNearest)], typeof(T), size.Item1, 0, lane => Nearest<T>(lane, 10_000, size.Item2, size.Item3, size.Item4, size.Item5))
            { Detail = " (more bins than shared memory holds)" },
        });

    private static (double[] Made, double[] Expected) Nearest<T>(KernelLane lane, int bins, int height, int width, int first, int second)
        where T : unmanaged, IElement<T>
    {
        // Rows of both sides, numbered from the first of either.
        var rows = Math.Max(first + height, second + width);
        var cosines = Typed.Of<T>(new Numbers("nearest").Normal((long)height * width, 0.1));
        var tile = new CosineTile { First = first, Second = second, Height = height, Width = width, Threshold = 0.2f };
        var (counts, totals, best) = (lane.Zeros<long>(bins), lane.Copy(CosineOrder.Totals()), lane.Zeros<ulong>(rows));
        lane.LaunchGroups(typeof(CosineProductKernels), nameof(CosineProductKernels.CountNearest), Math.Min(height, 5), lane.Copy(cosines), counts, totals, best, tile);
        var cells = new ExpectedCells(bins, Fused, tile.Threshold);
        var (keys, smallest) = (new ulong[rows], double.PositiveInfinity);
        for (var row = 0; row < height; row++)
        {
            for (var column = Math.Max(0, first + row + 1 - second); column < width; column++)
            {
                var (cosine, i, j) = (cosines[(row * width) + column].ToSingle(), first + row, second + column);
                cells.Add(cosine);
                smallest = Math.Min(smallest, cosine);
                (keys[i], keys[j]) = (Math.Max(keys[i], CosineOrder.Key(cosine, j)), Math.Max(keys[j], CosineOrder.Key(cosine, i)));
            }
        }

        var found = lane.Read(totals);
        double[] wanted = [.. keys.SelectMany(Parts)];
        return (
            Numbers.Join(cells.Settle(lane.Read(counts)), cells.SettleTotals(found[0], found[1]), [CosineOrder.Unorder((uint)found[CosineOrder.Minimum])], [.. lane.Read(best).SelectMany(Parts)]),
            Numbers.Join(cells.Counts, cells.Totals, [smallest], wanted));
    }

    private static double[] Parts(ulong key) => key == 0 ? [0, -1] : [CosineOrder.CosineOf(key), CosineOrder.RowOf(key)];

    private static (double[] Made, double[] Expected) Counts<T>(KernelLane lane, int height, int width, int first, int second)
        where T : unmanaged, IElement<T>
    {
        const int Bins = CosineProductKernels.Bins;
        var cosines = Typed.Of<T>(new Numbers("cosine products").Normal((long)height * width, 0.1));
        var tile = new CosineTile { First = first, Second = second, Height = height, Width = width, Threshold = 0.2f };
        var (counts, totals) = (lane.Zeros<long>(Bins), lane.Zeros<long>(2));
        lane.LaunchGroups(typeof(CosineProductKernels), nameof(CosineProductKernels.Count), Math.Min(height, 8), lane.Copy(cosines), counts, totals, tile);
        var cells = new ExpectedCells(Bins, Fused, tile.Threshold);
        for (var row = 0; row < height; row++)
        {
            for (var column = Math.Max(0, first + row + 1 - second); column < width; column++)
            {
                cells.Add(cosines[(row * width) + column].ToSingle());
            }
        }

        var found = lane.Read(totals);
        return (Numbers.Join(cells.Settle(lane.Read(counts)), cells.SettleTotals(found[0], found[1])), Numbers.Join(cells.Counts, cells.Totals));
    }
}
