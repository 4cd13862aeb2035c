using Interp.Compute.Kernels.Cosines;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Pairwise;
using Interp.Compute.Kernels.RotatedHistograms;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>The kernels of pairs of rows and of points over the torch operations that they would replace.</summary>
internal static class PairSpeeds
{
    /// <summary>The sizes of <c>baselines.py</c>.</summary>
    public static void Run(SpeedBench bench, double copyRate) => Run(bench, copyRate, 8192, 4096, 64, 200_000, 32);

    /// <summary>Any sizes.</summary>
    /// <param name="bench">What times.</param>
    /// <param name="copyRate">The card's.</param>
    /// <param name="side">Rows and columns of a tile of cosines.</param>
    /// <param name="rows">Rows whose neighbours are looked for.</param>
    /// <param name="width">Their width.</param>
    /// <param name="points">Points that are rotated.</param>
    /// <param name="angles">Angles.</param>
    public static void Run(SpeedBench bench, double copyRate, int side, int rows, int width, int points, int angles)
    {
        const int Kept = 16;
        const int Bins = 32;
        var lane = bench.Lane;
        var numbers = new Numbers("pair speeds");
        var block = numbers.Normal(Math.Min(1 << 20, (long)side * side), 0.1);
        var products = lane.Copy(Typed.Of<Float32>([.. Enumerable.Range(0, (int)((long)side * side / block.Length)).SelectMany(_ => block)]));
        var (counts, totals, best) = (lane.Zeros<long>(CosineProductKernels.Bins), lane.Copy(CosineOrder.Totals()), lane.Zeros<ulong>(2 * side));
        var tile = new CosineTile { First = 0, Second = side, Height = side, Width = side, Threshold = 0.1f };
        bench.Row("counting a tile of cosines, nearest rows too", "cosine_tile", (long)side * side * sizeof(float), copyRate, () => lane.LaunchGroups(
            typeof(CosineProductKernels), nameof(CosineProductKernels.CountNearest), Math.Min((side + CosineProductKernels.BandRows - 1) / CosineProductKernels.BandRows, CosineProductKernels.MostGroups), products, counts, totals, best, tile));

        var (values, squares, nearest) = (lane.Copy(Typed.Of<Float32>(numbers.Normal((long)rows * width))), lane.Zeros<float>((long)rows * Kept), lane.Zeros<int>((long)rows * Kept));
        bench.Row("nearest 16 of 4096 rows", "top_k", 0, copyRate, () => lane.Launch(typeof(PairwiseKernels), nameof(PairwiseKernels.TopK), rows, values, squares, nearest, width, Math.Min(Kept, rows - 1)));
        var (exact, distances) = (lane.Copy(Reals.Of<Float64>(numbers.NormalDoubles((long)rows * width))), lane.Zeros<double>((long)rows * rows));
        bench.Row("distances of 4096 rows, float64", "distances", 0, copyRate, () => lane.Launch(typeof(PairwiseKernels), nameof(PairwiseKernels.Distance), (long)rows * rows, exact, distances, width));

        var (x, y) = (lane.Copy(Reals.Of<Float64>(numbers.NormalDoubles(points))), lane.Copy(Reals.Of<Float64>(numbers.NormalDoubles(points))));
        var turns = lane.Copy<double>([.. Enumerable.Range(0, angles).SelectMany(i => new[] { Math.Cos(Math.PI * i / angles), Math.Sin(Math.PI * i / angles) })]);
        var ends = lane.Copy<long>([.. Enumerable.Range(0, angles).SelectMany(_ => new[] { long.MaxValue, long.MinValue, long.MaxValue, long.MinValue })]);
        var (cells, groups) = (lane.Zeros<int>((long)angles * Bins * Bins), RotationKernels.GroupsOf(points, angles));
        bench.Row("rotated histograms of 200,000 points at 32 angles", "rotations", 0, copyRate, () =>
        {
            lane.LaunchGroups(typeof(RotationKernels), nameof(RotationKernels.Ranges), (long)angles * groups, x, y, turns, ends, points, groups);
            lane.LaunchGroups(typeof(RotationKernels), nameof(RotationKernels.Cells), (long)angles * groups, x, y, turns, ends, cells, Bins, points, groups);
        });
    }
}
