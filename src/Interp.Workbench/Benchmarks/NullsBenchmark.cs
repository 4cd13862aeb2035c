using System.Globalization;
using Interp.Analysis.Entanglement;
using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Workbench.Benchmarks;

/// <summary>How far the closed-form nulls of entropy profiles lie from simulation, over what they may.</summary>
internal static class NullsBenchmark
{
    private const double LowRankAllowed = 0.01;
    private const double GaussianAllowed = 0.003;

    // Draws enough that the mean's own error stays a small part of what is allowed; large matrices vary less from draw to draw.
    private static readonly (int Rows, int Columns, int Rank, int Draws)[] s_products =
    [
        (32, 32, 16, 200), (64, 64, 16, 200), (64, 64, 64, 100), (64, 256, 16, 100), (256, 64, 32, 60), (128, 128, 64, 40), (256, 256, 16, 60), (256, 256, 128, 20),
        (768, 768, 16, 20), (2048, 512, 64, 4), (1024, 1024, 64, 4), (4096, 4096, 16, 4),
    ];

    private static readonly (int Rows, int Columns, int Draws)[] s_matrices = [(16, 16, 4000), (16, 64, 1200), (32, 128, 200), (64, 64, 200), (48, 96, 200), (256, 256, 10), (512, 512, 3)];

    /// <summary>The catalogue's line.</summary>
    public static Benchmark Entry { get; } = new(
        "nulls",
        "Closed-form nulls of entropy profiles against the mean over random draws, at every cut of several shapes.",
        (progress, cancellation) => Run(s_products, s_matrices, progress, cancellation));

    /// <summary>Measures any shapes.</summary>
    internal static IReadOnlyList<BenchmarkRow> Run(
        IReadOnlyList<(int Rows, int Columns, int Rank, int Draws)> products, IReadOnlyList<(int Rows, int Columns, int Draws)> matrices, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var noGrad = no_grad();
        using var generator = new Generator(0, CPU);
        var rows = new List<BenchmarkRow>();
        foreach (var (m, n, rank, draws) in products)
        {
            progress?.Report(new StepProgress("nulls", rows.Count, products.Count + matrices.Count, "shapes"));
            var chain = SiteChain.Of(m, n);
            var mean = Mean(chain, draws, () => EntropyProfile.OfProduct(Draw(generator, m, rank), Draw(generator, rank, n), chain, cancellation).Entropies, cancellation);
            var limit = Largest(mean, NullModels.LoraGaussian(chain, rank));
            rows.Add(Row(
                $"nulls.lora-{m}x{n}-r{rank}", Largest(mean, NullModels.LoraGaussianReal(chain, rank)), LowRankAllowed, draws, string.Create(CultureInfo.InvariantCulture, $"; its large-size limit is off by {limit:G2}")));
        }

        foreach (var (m, n, draws) in matrices)
        {
            progress?.Report(new StepProgress("nulls", rows.Count, products.Count + matrices.Count, "shapes"));
            var chain = SiteChain.Of(m, n);
            var mean = Mean(chain, draws, () => EntropyProfile.Of(Draw(generator, 1, m, n), chain, cancellation)[0].Entropies, cancellation);
            rows.Add(Row($"nulls.gaussian-{m}x{n}", Largest(mean, NullModels.FullRankReal(chain)), GaussianAllowed, draws, ""));
        }

        progress?.Report(new StepProgress("nulls", rows.Count, rows.Count, "shapes"));
        return rows;
    }

    private static Tensor Draw(Generator generator, params long[] shape) => randn(shape, dtype: ScalarType.Float64, generator: generator);

    private static double[] Mean(SiteChain chain, int draws, Func<double[]> draw, CancellationToken cancellation)
    {
        var sum = new double[chain.CutCount];
        for (var i = 0; i < draws; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var entropies = draw();
            for (var cut = 0; cut < sum.Length; cut++)
            {
                sum[cut] += entropies[cut] / draws;
            }
        }

        return sum;
    }

    private static double Largest(double[] mean, double[] closed) => mean.Zip(closed, (left, right) => Math.Abs(left - right)).Max();

    private static BenchmarkRow Row(string name, double error, double allowed, int draws, string more) => new(
        name, error, "nat", error / allowed, 1, string.Create(CultureInfo.InvariantCulture, $"largest distance over all cuts from the mean of {draws} draws, over {allowed}{more}"));
}
