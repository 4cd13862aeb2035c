using Interp.Compute;
using Interp.Compute.Kernels.Cosines;
using static TorchSharp.torch;

namespace Interp.Workbench.Benchmarks;

/// <summary>All-pairs cosines of an embedding-sized table, over the products that they cannot do without.</summary>
internal static class CosinesBenchmark
{
    private const int Rows = 50257;
    private const int Width = 768;
    private const int Tile = 1024;
    private const int Rounds = 5;
    private const int HistogramRounds = 3;
    private const double MostMegabytes = 400;

    /// <summary>The catalogue's line.</summary>
    public static Benchmark Entry { get; } = new("cosines", "Moments and histogram of all pairs of cosines of a 50,257 × 768 table.", (progress, cancellation) => Run(Rows, Width, progress, cancellation));

    internal static IReadOnlyList<BenchmarkRow> Run(int count, int width, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator(0, CPU);
        var rows = randn([count, width], generator: generator);
        progress?.Report(new StepProgress("cosines: memory", 0, 3, "rows"));
        var memory = PeakMemory.Rise(() =>
        {
            RowCosines.Moments(rows, null, cancellation);
            RowCosines.Histogram(rows, new CosineOptions { TileRows = Tile }, null, cancellation);
        });
        progress?.Report(new StepProgress("cosines: moments", 1, 3, "rows"));
        var moments = InterleavedTimer.Medians(
            Rounds,
            cancellation,
            () => RowCosines.Moments(rows, null, cancellation),
            () =>
            {
                using var gram = rows.t().matmul(rows);
            });
        progress?.Report(new StepProgress("cosines: histogram", 2, 3, "rows"));
        var histogram = InterleavedTimer.Medians(
            HistogramRounds,
            cancellation,
            () => RowCosines.Histogram(rows, new CosineOptions { TileRows = Tile }, null, cancellation),
            () => Triangle(rows, cancellation));
        progress?.Report(new StepProgress("cosines", 3, 3, "rows"));
        return
        [
            new BenchmarkRow("cosines.moments", moments[0], "s", moments[0] / moments[1], 1.3, $"mean, deviation and ε of {count} × {width} float32, over the float32 Gram product of the same rows"),
            new BenchmarkRow("cosines.histogram", histogram[0], "s", histogram[0] / histogram[1], 1.5, $"8,192 bins of {count} × {width} float32, over the products of all pairs (V²d/2)"),
            new BenchmarkRow("cosines.memory", memory, "MB", memory / MostMegabytes, 1, $"highest resident memory of both beyond the matrix, over {MostMegabytes} MB"),
        ];
    }

    /// <summary>The products of all pairs, each once, in the tiles of the pass.</summary>
    private static void Triangle(Tensor rows, CancellationToken cancellation)
    {
        for (long i = 0; i < rows.shape[0]; i += Tile)
        {
            for (var j = i; j < rows.shape[0]; j += Tile)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                rows.narrow(0, i, Math.Min(Tile, rows.shape[0] - i)).matmul(rows.narrow(0, j, Math.Min(Tile, rows.shape[0] - j)).t());
            }
        }
    }
}
