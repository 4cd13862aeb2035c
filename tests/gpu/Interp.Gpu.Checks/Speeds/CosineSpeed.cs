using System.Globalization;
using Interp.Compute.Kernels.Cosines;
using Interp.Compute.Kernels.Elements;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>The histogram of the cosines of all pairs of 128,000 rows of 4096 numbers, over the matrix rate of the same card.</summary>
internal static class CosineSpeed
{
    private const double LeastShare = 0.6;

    /// <summary>The histogram of the limit.</summary>
    public static void Run(SpeedBench bench, double matrixRate) => Run(bench, matrixRate, 128_000, 4096, 8000);

    /// <summary>A histogram of any size.</summary>
    public static void Run(SpeedBench bench, double matrixRate, int rows, int width, int side)
    {
        var (lane, table) = (bench.Lane, bench.Table);
        var runs = 0;
        var values = RandomPairs.Make(lane, "cosine rows", (long)rows * width, 1 / Math.Sqrt(width));
        var products = lane.Zeros<Float32>((long)side * side);
        var (counts, totals) = (lane.Zeros<long>(CosineProductKernels.Bins), lane.Zeros<long>(2));
        void Histogram()
        {
            runs++;
            for (var first = 0; first < rows; first += side)
            {
                for (var second = first; second < rows; second += side)
                {
                    bench.Multiply(values.Handle + (nint)((long)first * width * 2), values.Handle + (nint)((long)second * width * 2), products.Handle, side, side, width, isWide: true);
                    var tile = new CosineTile { First = first, Second = second, Height = side, Width = side, Threshold = 0.1f };
                    lane.LaunchGroups(typeof(CosineProductKernels), nameof(CosineProductKernels.Count), Math.Min(side, CosineProductKernels.MostGroups), products, counts, totals, tile);
                }
            }
        }

        var time = bench.Median(Histogram, 3);
        var pairs = (double)rows * (rows - 1) / 2;
        // Every run, the untimed ones too, counted every pair.
        var counted = lane.Read(counts).Sum() / (double)runs;
        table.Add(new SpeedRow(
            string.Create(CultureInfo.InvariantCulture, $"cosine histogram of {rows:N0} x {width} ({(counted == pairs ? "every pair counted once" : $"WRONG: {counted} of {pairs} pairs")})"),
            time,
            string.Create(CultureInfo.InvariantCulture, $"{2 * pairs * width / time / 1e9:F0} Tflop/s of different pairs"),
            "the same at the matrix rate",
            counted == pairs ? time / (2 * pairs * width / matrixRate * 1e3) : double.PositiveInfinity,
            1 / LeastShare));
        if (table.Baselines?["cosine_histogram"] is { } torch && !double.IsNaN(torch))
        {
            table.Add(new SpeedRow("cosine histogram", time, "", "torch matmul and histc, tile by tile", time / torch, 1));
        }
    }
}
