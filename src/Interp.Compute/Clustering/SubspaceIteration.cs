using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Clustering;

/// <summary>
/// The largest eigenvalues of a symmetric operator whose spectrum lies in [−1, 1], by subspace iteration with a Chebyshev
/// filter that damps everything below the block's smallest Ritz value (Zhou, Saad, Tiago and Chelikowsky 2006).
/// </summary>
internal static class SubspaceIteration
{
    private const int Guard = 8;
    private const int FilterDegree = 10;
    private const int MaximumIterations = 60;

    /// <summary>Residuals at which clusters no longer move; eigenvectors need no more digits than k-means can see.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>Finds the top eigenvectors.</summary>
    /// <param name="size">The operator's size n.</param>
    /// <param name="wanted">How many eigenvectors.</param>
    /// <param name="apply">The operator on a block <c>[n, m]</c>, float64 on the CPU.</param>
    /// <param name="seed">Seeds the starting block.</param>
    /// <param name="progress">Receives every iteration.</param>
    /// <param name="cancellation">Stops between applications.</param>
    /// <returns>Values (descending), vectors as rows, and the largest residual.</returns>
    public static (double[] Values, double[,] Vectors, double Residual) Top(
        int size, int wanted, Func<Tensor, Tensor> apply, long seed, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var block = Start(size, Math.Min(size, wanted + Guard), seed);
        var values = zeros(block.shape[1], dtype: ScalarType.Float64);
        var residual = double.PositiveInfinity;
        for (var iteration = 1; iteration <= MaximumIterations && residual > Tolerance; iteration++)
        {
            using var step = NewDisposeScope();
            var edge = iteration == 1 ? 0 : values[^1].item<double>();
            var filtered = Filter(block, Math.Clamp(edge, -0.9, 0.999), apply, cancellation);
            var (basis, _) = linalg.qr(filtered);
            var image = apply(basis);
            var (ritz, rotation) = linalg.eigh(basis.t().matmul(image));
            rotation = rotation.flip(1);
            var (newValues, newBlock) = (ritz.flip(0), basis.matmul(rotation));
            residual = (image.matmul(rotation) - (newBlock * newValues)).narrow(1, 0, wanted).norm(dim: 0).max().item<double>();
            values.Dispose();
            block.Dispose();
            (values, block) = (newValues.MoveToOuterDisposeScope(), newBlock.MoveToOuterDisposeScope());
            progress?.Report(new StepProgress("eigenvectors", iteration, MaximumIterations, "iterations") { Value = residual, ValueName = "residual" });
        }

        var vectors = block.narrow(1, 0, wanted).t().ToMatrix();
        SymmetricEigen.FixSigns(vectors);
        return (values.narrow(0, 0, wanted).ToVector(), vectors, residual);
    }

    private static Tensor Start(int size, int width, long seed)
    {
        var random = SplitMix64.ForStream(seed, "subspace iteration");
        var start = new double[size, width];
        foreach (ref var value in MatrixConversion.Span(start))
        {
            value = random.NextNormal();
        }

        return start.ToTensor();
    }

    /// <summary>Applies the Chebyshev polynomial that maps [−1, <paramref name="edge"/>] onto [−1, 1].</summary>
    private static Tensor Filter(Tensor block, double edge, Func<Tensor, Tensor> apply, CancellationToken cancellation)
    {
        var (centre, half) = ((edge - 1) / 2, (edge + 1) / 2);
        var previous = block;
        var current = (apply(block) - (centre * block)) / half;
        for (var degree = 2; degree <= FilterDegree; degree++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var next = ((apply(current) - (centre * current)) * (2 / half)) - previous;

            // Columns of the wanted part grow fast; a common scale keeps the recurrence and the numbers in range.
            var scale = 1 / next.abs().max().item<double>();
            (previous, current) = ((current * scale).MoveToOuterDisposeScope(), (next * scale).MoveToOuterDisposeScope());
        }

        return current;
    }
}
