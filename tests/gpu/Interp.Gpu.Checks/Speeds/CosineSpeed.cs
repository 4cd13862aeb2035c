using System.Globalization;
using Interp.Compute.Cuda;
using Interp.Compute.Kernels.Cosines;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>The histogram of the cosines of all pairs of 128,000 rows of 4096 numbers, over the matrix rate of the same card.</summary>
internal static class CosineSpeed
{
    private const int Rows = 128_000;
    private const int Width = 4096;
    private const int Tile = 8000;
    private const int Groups = 132 * 6;
    private const double LeastShare = 0.6;

    public static void Run(CudaContext context, GpuClock clock, CuBlas blas, CheckTable table, double matrixRate)
    {
        using var lane = new CudaLane(context, new DriverMemory(context));
        var rows = RandomPairs.Make(lane, "cosine rows", (long)Rows * Width, 1 / Math.Sqrt(Width));
        var products = lane.Zeros<float>((long)Tile * Tile);
        var (counts, totals) = (lane.Zeros<long>(CosineProductKernels.Bins), lane.Zeros<long>(2));
        void Histogram()
        {
            for (var first = 0; first < Rows; first += Tile)
            {
                for (var second = first; second < Rows; second += Tile)
                {
                    blas.Multiply(rows.Handle + (nint)((long)first * Width * 2), rows.Handle + (nint)((long)second * Width * 2), products.Handle, Tile, Tile, Width, isWide: true);
                    var tile = new CosineTile { First = first, Second = second, Height = Tile, Width = Tile, Dimension = Width, Threshold = 0.1f };
                    lane.LaunchGroups(typeof(CosineProductKernels), nameof(CosineProductKernels.Count), Groups, products, counts, totals, tile);
                }
            }
        }

        var time = clock.Median(Histogram, repeats: 3);
        var pairs = (double)Rows * (Rows - 1) / 2;
        // Three warm-ups and three repeats counted every pair six times.
        var counted = lane.Read(counts).Sum() / 6.0;
        table.Add(new SpeedRow(
            string.Create(CultureInfo.InvariantCulture, $"cosine histogram of 128,000 x 4096 ({(counted == pairs ? "every pair counted once" : $"WRONG: {counted} of {pairs} pairs")})"),
            time,
            string.Create(CultureInfo.InvariantCulture, $"{2 * pairs * Width / time / 1e9:F0} Tflop/s of different pairs"),
            "the same at the matrix rate",
            counted == pairs ? time / (2 * pairs * Width / matrixRate * 1e3) : double.PositiveInfinity,
            1 / LeastShare));
        if (table.Baselines?["cosine_histogram"] is { } torch && !double.IsNaN(torch))
        {
            table.Add(new SpeedRow("cosine histogram", time, "", "torch matmul and histc, tile by tile", time / torch, 1));
        }
    }
}
