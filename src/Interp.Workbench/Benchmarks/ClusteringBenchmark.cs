using System.Diagnostics;
using Interp.Compute;
using Interp.Compute.Clustering;
using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Workbench.Benchmarks;

/// <summary>Spectral clustering of a dictionary-sized set of directions, over the least that the published recipe's dense solver must do.</summary>
internal static class ClusteringBenchmark
{
    private const int Rows = 24_576;
    private const int Width = 768;
    private const int Clusters = 1000;
    private const int TimedRows = 1024;
    private const int Rounds = 5;
    private const double SecondsAllowed = 600;

    /// <summary>The catalogue's line.</summary>
    public static Benchmark Entry { get; } = new(
        "clustering", "Spectral clustering of 24,576 × 768 directions into 1,000 clusters: minutes.", (progress, cancellation) => Run(Rows, Width, Clusters, progress, cancellation));

    internal static IReadOnlyList<BenchmarkRow> Run(int rows, int width, int clusters, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var directions = Directions(rows, width, clusters);
        var product = ProductSeconds(rows, Math.Min(TimedRows, rows), cancellation);
        var start = Stopwatch.GetTimestamp();
        var result = SpectralClustering.Fit(directions, new SpectralClusteringOptions { Clusters = clusters, Seed = 0 }, progress, cancellation);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        // ARPACK, which the published recipe calls, keeps 2k + 1 vectors for k eigenvectors and makes each by a product.
        var reference = product * ((2 * clusters) + 1);
        using var process = Process.GetCurrentProcess();
        return
        [
            new BenchmarkRow(
                "clustering.spectral",
                seconds,
                "s",
                seconds / reference,
                1,
                FormattableString.Invariant($"{rows} × {width} directions into {clusters} clusters, neighbours, eigenvectors (residual {result.Residual:E1}) and 10 restarts of k-means, over the {(2 * clusters) + 1} products of the dense float64 affinity and a vector that the published recipe's solver cannot do without ({product:F3} s each, timed on {Math.Min(TimedRows, rows)} rows); {SecondsAllowed} s are allowed")),
            new BenchmarkRow("clustering.memory", process.PeakWorkingSet64 / 1e6, "MB", process.PeakWorkingSet64 / 8e9, 1, "the process's largest working set, over 8 GB"),
        ];
    }

    /// <summary>Unit directions scattered around as many centres as clusters, some tightly and some hardly, as those of a dictionary.</summary>
    private static Tensor Directions(int rows, int width, int clusters)
    {
        using var generator = new Generator(0, CPU);
        var centres = randn([clusters, width], generator: generator);
        var random = SplitMix64.ForStream(0, "benchmark directions");
        var owner = tensor(Enumerable.Range(0, rows).Select(_ => (long)random.NextInt(clusters)).ToArray());
        var spread = rand([clusters, 1], generator: generator).mul(1.5).add(0.5).index_select(0, owner);
        var scattered = centres.index_select(0, owner) + (spread * randn([rows, width], generator: generator));
        return scattered / scattered.norm(1, keepdim: true);
    }

    /// <summary>The seconds of one product of a dense float64 matrix and a vector, timed on a band of its rows.</summary>
    private static double ProductSeconds(int rows, int timed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var band = ones(timed, rows, dtype: ScalarType.Float64);
        var vector = ones(rows, dtype: ScalarType.Float64);
        return InterleavedTimer.Medians(Rounds, cancellation, () => band.matmul(vector).Dispose())[0] * rows / timed;
    }
}
