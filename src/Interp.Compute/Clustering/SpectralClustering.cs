using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Clustering;

/// <summary>
/// Seeded spectral clustering of unit rows with the affinity a = 1 − arccos(cosine)/π, zero on the diagonal: the top
/// eigenvectors of D^(−1/2) A D^(−1/2), each row divided by the square root of its degree, then k-means. The recipe of arXiv
/// 2405.14860 for GPT-2, with a sparse nearest-neighbour affinity by default.
/// </summary>
/// <remarks>
/// Like SciPy's normalised Laplacian, on which the published recipe rests, degrees leave the diagonal out. The neighbour
/// graph is made symmetric by keeping an edge that either end has. Up to 2048 rows the eigenvectors are computed directly,
/// O(n³); beyond that in a block Krylov space of 5/2 of the clusters' number, O(n clusters²) a restart, in single precision from
/// 8192 rows on. The residual that was reached is in the result: where the spectrum has no gap after the wanted eigenvalues, the
/// last of them are not settled when the restarts end, and any space near theirs clusters as well.
/// </remarks>
public static class SpectralClustering
{
    private const int DirectRows = 2048;

    /// <summary>Clusters rows.</summary>
    /// <param name="unitRows">Rows <c>[n, d]</c> of unit length, any real dtype and device.</param>
    /// <param name="options">Clusters, affinity, seed.</param>
    /// <param name="progress">Receives every stage.</param>
    /// <param name="cancellation">Stops between blocks and iterations.</param>
    /// <exception cref="ShapeMismatchException">The rows are no matrix of at least two rows.</exception>
    /// <exception cref="InterpException">More clusters than rows, or a number is not finite.</exception>
    public static SpectralClusteringResult Fit(
        Tensor unitRows, SpectralClusteringOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(unitRows);
        ArgumentNullException.ThrowIfNull(options);
        if (unitRows.dim() != 2 || unitRows.shape[0] < 2)
        {
            throw new ShapeMismatchException("the rows of spectral clustering", "[n ≥ 2, d]", unitRows.shape);
        }

        var count = (int)unitRows.shape[0];
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Clusters);
        if (options.Clusters > count)
        {
            throw new InterpException($"spectral clustering cannot make {options.Clusters} clusters of {count} rows: ask for fewer clusters");
        }

        using var noGrad = no_grad();
        var (embedding, values, residual) = Embed(unitRows, options, progress, cancellation);
        var settings = new KMeansOptions { Clusters = options.Clusters, Restarts = options.Restarts, Seed = options.Seed };
        var result = KMeans.Fit(embedding, settings, progress, cancellation);
        return new SpectralClusteringResult(NumberByFirstRow(result.Labels), values, result.Inertia, residual);
    }

    /// <summary>The rows' coordinates: eigenvectors, each row over the root of its degree.</summary>
    private static (double[,] Embedding, double[] Values, double Residual) Embed(
        Tensor unitRows, SpectralClusteringOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var count = (int)unitRows.shape[0];
        var affinity = options.Affinity == AffinityKind.Dense
            ? Affinity.Dense(unitRows)
            : Affinity.FromNeighbours(NeighbourGraph.Build(unitRows, Math.Min(options.Neighbours, count - 1), progress, cancellation));
        progress?.Report(new StepProgress("eigenvectors", 0, 1, "decompositions"));
        cancellation.ThrowIfCancellationRequested();
        var (values, vectors, residual) = count <= DirectRows || !BlockLanczos.Fits(count, options.Clusters)
            ? Direct(affinity, options.Clusters)
            : Krylov(affinity, count, options, progress, cancellation);
        var embedding = new double[count, options.Clusters];
        for (var row = 0; row < count; row++)
        {
            for (var column = 0; column < options.Clusters; column++)
            {
                embedding[row, column] = vectors[column, row] * affinity.InverseRootDegree[row];
            }
        }

        return (embedding, values, residual);
    }

    /// <summary>Eigenvectors of a large affinity. Those of its graph's components, all of value 1, are written down.</summary>
    private static (double[] Values, double[,] Vectors, double Residual) Krylov(
        Affinity affinity, int count, SpectralClusteringOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var wanted = options.Clusters;
        var known = affinity.ComponentVectors();
        if (known is null || known.shape[1] < wanted)
        {
            return BlockLanczos.Top(count, wanted, affinity.Apply, known, options.Seed, progress, cancellation);
        }

        // More components than clusters: any mixture of their vectors is as good, and a random one keeps all of them apart.
        var random = SplitMix64.ForStream(options.Seed, "mixture of components");
        var mixture = new double[known.shape[1], wanted];
        foreach (ref var value in MatrixConversion.Span(mixture))
        {
            value = random.NextNormal();
        }

        var vectors = known.matmul(linalg.qr(mixture.ToTensor()).Q).t().ToMatrix();
        return ([.. Enumerable.Repeat(1.0, wanted)], vectors, 0);
    }

    private static (double[] Values, double[,] Vectors, double Residual) Direct(Affinity affinity, int clusters)
    {
        var eigen = SymmetricEigen.Decompose(affinity.ToDense());
        return (eigen.Values[..clusters], eigen.Vectors, 0);
    }

    private static int[] NumberByFirstRow(int[] labels)
    {
        var numbers = new Dictionary<int, int>();
        return [.. labels.Select(label =>
        {
            if (!numbers.TryGetValue(label, out var number))
            {
                number = numbers.Count;
                numbers.Add(label, number);
            }

            return number;
        })];
    }
}
