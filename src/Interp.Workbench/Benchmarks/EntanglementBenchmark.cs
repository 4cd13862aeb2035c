using Interp.Analysis.Entanglement;
using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Workbench.Benchmarks;

/// <summary>Entropy profiles of a dense matrix, over one singular value decomposition a cut, and of a low-rank product.</summary>
internal static class EntanglementBenchmark
{
    private const int DenseSize = 2048;
    private const int ProductSize = 4096;
    private const int Rank = 16;
    private const int WarmUpSize = 128;
    private const int Rounds = 5;

    /// <summary>What a low-rank profile may take: the row's ratio is seconds over this.</summary>
    private const double ProductSeconds = 1;

    /// <summary>The catalogue's line.</summary>
    public static Benchmark Entry { get; } = new(
        "entanglement",
        "Entropy profiles at every cut of a dense 2048 × 2048 matrix and of a rank-16 update of a 4096 × 4096 one.",
        (progress, cancellation) => Run(DenseSize, ProductSize, Rank, progress, cancellation));

    /// <summary>Measures at any size.</summary>
    internal static IReadOnlyList<BenchmarkRow> Run(int dense, int product, int rank, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator(0, CPU);
        progress?.Report(new StepProgress("entanglement: dense", 0, 2, "rows"));

        // The decompositions take minutes, so both ways are warmed up on a small matrix and then timed once, the fast one on
        // either side of the slow one.
        var small = randn([1, WarmUpSize, WarmUpSize], generator: generator);
        AllCuts(small, cancellation);
        OneDecompositionACut(small, cancellation);
        var matrix = randn([1, dense, dense], generator: generator);
        var before = InterleavedTimer.Once(() => AllCuts(matrix, cancellation));
        var reference = InterleavedTimer.Once(() => OneDecompositionACut(matrix, cancellation));
        var fast = (before + InterleavedTimer.Once(() => AllCuts(matrix, cancellation))) / 2;

        progress?.Report(new StepProgress("entanglement: low rank", 1, 2, "rows"));
        var b = randn([product, rank], generator: generator);
        var a = randn([rank, product], generator: generator);
        var low = InterleavedTimer.Medians(Rounds, cancellation, () => EntropyProfile.OfProduct(b, a, SiteChain.Of(product, product), cancellation))[0];
        progress?.Report(new StepProgress("entanglement", 2, 2, "rows"));
        return
        [
            new BenchmarkRow(
                $"entanglement.dense-{dense}", fast, "s", fast / reference, 0.5, $"all cuts of {dense} × {dense} float32 in float64, over one values-only singular value decomposition a cut"),
            new BenchmarkRow(
                $"entanglement.lora-{product}", low, "s", low / ProductSeconds, 1, $"all cuts of a rank-{rank} product of {product} × {product}, over one second"),
        ];
    }

    private static void AllCuts(Tensor matrices, CancellationToken cancellation) => EntropyProfile.Of(matrices, Chain(matrices), cancellation);

    private static void OneDecompositionACut(Tensor matrices, CancellationToken cancellation) => EntropyProfile.ByDecompositions(matrices, Chain(matrices), cancellation);

    private static SiteChain Chain(Tensor matrices) => SiteChain.Of((int)matrices.shape[1], (int)matrices.shape[2]);
}
