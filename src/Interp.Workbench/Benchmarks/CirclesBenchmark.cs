using System.Diagnostics;
using Interp.Analysis.Circles;
using Interp.Compute;
using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Workbench.Benchmarks;

/// <summary>Separability and mixture of thousands of planes, over the published procedure's time for as many.</summary>
internal static class CirclesBenchmark
{
    private const int Planes = 4000;
    private const int Points = 20_000;
    private const int Directions = 360;
    private const int DifferentClouds = 44;
    private const int Rounds = 3;
    private const int PublishedAngles = 100;
    private const int PublishedSteps = 10_000;
    private const int TimedSteps = 500;
    private const double Epsilon = 0.1;

    /// <summary>The catalogue's line.</summary>
    public static Benchmark Entry { get; } = new(
        "circles", "Indices of 1,000 clusters × 4 planes × 20,000 points, over the published procedure.", (progress, cancellation) => Run(Planes, Points, TimedSteps, progress, cancellation));

    internal static IReadOnlyList<BenchmarkRow> Run(int planes, int points, int timedSteps, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var columns = Enumerable.Range(0, DifferentClouds).Select(kind => Cloud(kind, points)).ToArray();
        var clouds = columns.Select(cloud => PlaneCloud.FromColumns(cloud.X, cloud.Y)).ToArray();
        PlaneIndices.MeasureAll(plane => clouds[plane], DifferentClouds, Directions, cancellation);
        var published = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new StepProgress("circles: published procedure", round, Rounds, "planes"));
            published[round] = PublishedSeconds(columns[round * 5], timedSteps, cancellation);
        }

        progress?.Report(new StepProgress("circles: indices", 0, planes, "planes"));
        var start = Stopwatch.GetTimestamp();
        for (var first = 0; first < planes; first += DifferentClouds)
        {
            PlaneIndices.MeasureAll(plane => clouds[plane], Math.Min(DifferentClouds, planes - first), Directions, cancellation);
            progress?.Report(new StepProgress("circles: indices", Math.Min(first + DifferentClouds, planes), planes, "planes"));
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var reference = InterleavedTimer.Median(published);
        return
        [
            new BenchmarkRow(
                "circles.indices",
                seconds,
                "s",
                seconds / planes / reference,
                0.01,
                FormattableString.Invariant($"{planes} planes × {points} points ({DifferentClouds} clouds in turn): S at {PublishedAngles} angles and M exactly over {Directions} directions, over the published procedure in torch operations, {reference:F1} s a plane ({PublishedAngles} histograms, {timedSteps} of {PublishedSteps} ascent steps timed and scaled)")),
        ];
    }

    /// <summary>The published procedure for one plane: a histogram of each rotation, and gradient ascent of the smooth count in single precision.</summary>
    private static double PublishedSeconds((double[] X, double[] Y) points, int timedSteps, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var cloud = stack([tensor(points.X), tensor(points.Y)], 1).to(ScalarType.Float32);
        var start = Stopwatch.GetTimestamp();
        using (no_grad())
        {
            for (var angle = 0; angle < PublishedAngles; angle++)
            {
                using var step = NewDisposeScope();
                PublishedInformation(cloud, 2 * Math.PI * angle / (PublishedAngles - 1)).item<float>();
            }
        }

        var histograms = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        var direction = tensor(new[] { 0.6f, -0.8f }, requires_grad: true);
        var offset = zeros(1, requires_grad: true);
        for (var step = 0; step < timedSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var one = NewDisposeScope();
            var along = cloud.matmul(direction) + offset;
            var soft = (Epsilon - (along.abs() / along.square().mean().sqrt())).sigmoid().mean();
            var gradients = autograd.grad([soft], [direction, offset]);
            using (no_grad())
            {
                direction.add_(gradients[0], alpha: 0.1);
                offset.add_(gradients[1], alpha: 0.1);
            }
        }

        return histograms + (Stopwatch.GetElapsedTime(start).TotalSeconds * PublishedSteps / timedSteps);
    }

    private static Tensor PublishedInformation(Tensor cloud, double angle)
    {
        const int Bins = 10;
        var (sine, cosine) = Math.SinCos(angle);
        var turned = cloud.matmul(tensor(new[,] { { (float)cosine, (float)-sine }, { (float)sine, (float)cosine } }));
        var (low, high) = (turned.min(0).values, turned.max(0).values);
        var cells = ((turned - low) / (high - low) * Bins).floor().clamp(0, Bins - 1).to(ScalarType.Int64);
        var joint = ((cells.select(1, 0) * Bins) + cells.select(1, 1)).bincount(null, Bins * Bins).reshape(Bins, Bins).to(ScalarType.Float32) / cloud.shape[0];
        var product = joint.sum(1, keepdim: true) * joint.sum(0, keepdim: true);
        return where(joint > 0, joint * (joint / product).log2(), zeros_like(joint)).sum();
    }

    /// <summary>Clouds of the kinds that clusters make: circles, polygons, blobs, rays of latents that fire one at a time, discs, squares.</summary>
    private static (double[] X, double[] Y) Cloud(int kind, int points)
    {
        var random = SplitMix64.ForStream(kind, "benchmark cloud");
        var (x, y) = (new double[points], new double[points]);
        for (var i = 0; i < points; i++)
        {
            var turn = 2 * Math.PI * random.NextDouble();
            var (first, second) = (random.NextNormal(), random.NextNormal());
            var corner = 2 * Math.PI * random.NextInt(7) / 7;
            (x[i], y[i]) = (kind % 11) switch
            {
                0 => (Math.Cos(turn) + (0.1 * first), Math.Sin(turn) + (0.1 * second)),
                1 => (Math.Cos(turn) + (0.3 * first), Math.Sin(turn) + (0.3 * second)),
                2 => (first, second),
                3 => (3 * first, second),
                4 => (Math.Cos(corner) + (0.1 * first), Math.Sin(corner) + (0.1 * second)),
                5 => (Math.Cos(corner) + (0.3 * first), Math.Sin(corner) + (0.3 * second)),
                6 => (random.NextDouble(), random.NextDouble()),
                7 => (Math.Cos(turn) * Math.Sqrt(random.NextDouble()), Math.Sin(turn) * Math.Sqrt(random.NextDouble())),
                8 => (i % 2 == 0 ? (first, 0.05 * second) : (0.05 * first, second)),
                9 => ((Math.Abs(first) * Math.Cos(corner)) + (0.05 * second), (Math.Abs(first) * Math.Sin(corner)) + (0.05 * random.NextNormal())),
                _ => ((i % 3 == 0 ? 2 : 1) * Math.Cos(turn), (i % 3 == 0 ? 2 : 1) * Math.Sin(turn)),
            };
        }

        return (x, y);
    }
}
