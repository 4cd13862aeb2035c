using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Clustering;

/// <summary>
/// The largest eigenvalues of a symmetric operator by a block Krylov space with full reorthogonalisation that is restarted from its
/// best Ritz vectors (thick restart, Wu and Simon 2000). Each application serves many eigenvectors at once, so a thousand of them
/// take a few thousand columns, not a few thousand for each iteration.
/// </summary>
internal static class BlockLanczos
{
    private const int LargestBlock = 32;
    private const int MostRestarts = 12;

    /// <summary>Operators larger than this are worked on in single precision: clusters do not move by its rounding.</summary>
    private const int DoubleRows = 8192;

    /// <summary>Residuals at which clusters no longer move; eigenvectors need no more digits than k-means can see.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>Whether a space of the size it needs fits into the operator's own; where not, solve directly.</summary>
    public static bool Fits(int size, int wanted) => Capacity(wanted) + (2 * BlockOf(wanted)) <= size;

    /// <summary>Finds the top eigenvectors.</summary>
    /// <param name="size">The operator's size n, see <see cref="Fits"/>.</param>
    /// <param name="wanted">How many eigenvectors.</param>
    /// <param name="apply">The operator on a block <c>[n, m]</c>, float64 on the CPU.</param>
    /// <param name="known">Eigenvectors of value 1 that are known, <c>[n, c]</c>, orthonormal, c below those wanted; they may be as many as they like, where a block finds no more equal values than it is wide.</param>
    /// <param name="seed">Seeds the starting blocks.</param>
    /// <param name="progress">Receives every restart with the largest residual.</param>
    /// <param name="cancellation">Stops between applications.</param>
    /// <returns>Values (descending), vectors as rows, and the largest residual.</returns>
    public static (double[] Values, double[,] Vectors, double Residual) Top(
        int size, int wanted, Func<Tensor, Tensor> apply, Tensor? known, long seed, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var (block, capacity) = (BlockOf(wanted), Capacity(wanted));
        var random = SplitMix64.ForStream(seed, "block Krylov space");
        var type = size > DoubleRows ? ScalarType.Float32 : ScalarType.Float64;
        var basis = zeros(size, capacity + block, type);
        var projected = zeros(capacity + block, capacity + block, ScalarType.Float64);
        var done = 0;
        if (known is not null)
        {
            done = (int)known.shape[1];
            basis.narrow(1, 0, done).copy_(known);
            projected.narrow(0, 0, done).narrow(1, 0, done).copy_(eye(done, dtype: ScalarType.Float64));
        }

        Restart(basis, done, block, random);
        var checkedSum = double.NaN;
        for (var restart = 1; ; restart++)
        {
            var couplings = zeros(block, block, ScalarType.Float64);
            while (done + block <= capacity)
            {
                cancellation.ThrowIfCancellationRequested();
                using var step = NewDisposeScope();
                couplings = Extend(basis, projected, done, block, apply, random).MoveToOuterDisposeScope();
                done += block;
            }

            using var ritz = NewDisposeScope();
            var (values, rotation) = linalg.eigh(projected.narrow(0, 0, done).narrow(1, 0, done));
            (values, rotation) = (values.flip(0), rotation.flip(1));
            var residual = couplings.matmul(rotation.narrow(0, done - block, block).narrow(1, 0, wanted)).norm(dim: 0).max().item<double>();
            progress?.Report(new StepProgress("eigenvectors", restart, MostRestarts, "restarts") { Value = residual, ValueName = "residual" });
            var sum = values.narrow(0, 0, wanted).sum().item<double>();
            if ((residual <= Tolerance && sum - checkedSum <= Tolerance) || restart == MostRestarts)
            {
                var vectors = basis.narrow(1, 0, done).matmul(rotation.narrow(1, 0, wanted).to(type)).t().ToMatrix();
                SymmetricEigen.FixSigns(vectors);
                return (values.narrow(0, 0, wanted).ToVector(), vectors, residual);
            }

            // The best Ritz vectors, a few more than wanted, and the block that comes next. Once those wanted have settled, a new
            // random block looks for others as good, which a block that began without them would never meet.
            var isSettled = residual <= Tolerance;
            checkedSum = isSettled ? sum : double.NaN;
            var kept = isSettled ? wanted : wanted + Math.Max(block, wanted / 10);
            var next = basis.narrow(1, done, block).clone();
            basis.narrow(1, 0, kept).copy_(basis.narrow(1, 0, done).matmul(rotation.narrow(1, 0, kept).to(type)));
            basis.narrow(1, kept, block).copy_(next);
            if (isSettled)
            {
                Restart(basis, kept, block, random);
            }

            projected.zero_();
            projected.narrow(0, 0, kept).narrow(1, 0, kept).copy_(values.narrow(0, 0, kept).diag());
            done = kept;
        }
    }

    /// <summary>Puts a random block, orthogonal to those done, after them.</summary>
    private static void Restart(Tensor basis, int done, int block, SplitMix64 random)
    {
        using var scope = NewDisposeScope();
        var start = linalg.qr(Random((int)basis.shape[0], block, random, basis.dtype)).Q;
        if (done > 0)
        {
            Orthogonalize(basis.narrow(1, 0, done), start);
        }

        basis.narrow(1, done, block).copy_(linalg.qr(start).Q);
    }

    /// <summary>Applies the operator to the block after those done, projects the image, and appends what is new in it as the next block.</summary>
    /// <returns>How the next block makes up the image's rest, <c>[block, block]</c>, float64.</returns>
    private static Tensor Extend(Tensor basis, Tensor projected, int done, int block, Func<Tensor, Tensor> apply, SplitMix64 random)
    {
        var known = basis.narrow(1, 0, done + block);
        var image = apply(basis.narrow(1, done, block).to(ScalarType.Float64)).to(basis.dtype);
        var inside = Orthogonalize(known, image);
        projected.narrow(0, 0, done + block).narrow(1, done, block).copy_(inside);
        projected.narrow(1, 0, done + block).narrow(0, done, block).copy_(inside.t());
        var (rest, factor) = linalg.qr(image);
        var sizes = factor.diagonal().abs().to(ScalarType.Float64).ToVector();
        var least = basis.dtype == ScalarType.Float32 ? 1e-6 : 1e-12;
        if (sizes.Any(size => size < least))
        {
            // Directions that are nothing but rounding are drawn anew; the operator does not lead there.
            for (var column = 0; column < block; column++)
            {
                if (sizes[column] < least)
                {
                    rest.narrow(1, column, 1).copy_(Random((int)basis.shape[0], 1, random, basis.dtype));
                    factor.narrow(0, column, 1).zero_();
                }
            }

            Orthogonalize(known, rest);
            rest = linalg.qr(rest).Q;
        }

        basis.narrow(1, done + block, block).copy_(rest);
        return factor.to(ScalarType.Float64);
    }

    /// <summary>Takes out of a block, in place and twice, what the basis has of it; returns what was taken, float64.</summary>
    private static Tensor Orthogonalize(Tensor known, Tensor block)
    {
        var first = known.t().matmul(block);
        block.sub_(known.matmul(first));
        var second = known.t().matmul(block);
        block.sub_(known.matmul(second));
        return first.to(ScalarType.Float64) + second;
    }

    private static int BlockOf(int wanted) => Math.Clamp(wanted / 8, 4, LargestBlock);

    private static int Capacity(int wanted) => Math.Max(wanted + (16 * BlockOf(wanted)), 5 * wanted / 2);

    private static Tensor Random(int size, int width, SplitMix64 random, ScalarType type)
    {
        var values = new double[size, width];
        foreach (ref var value in MatrixConversion.Span(values))
        {
            value = random.NextNormal();
        }

        return values.ToTensor().to(type);
    }
}
