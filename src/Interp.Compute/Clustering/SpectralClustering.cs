using Interp.Compute.LinearAlgebra;
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
/// O(n³); beyond that by filtered subspace iteration, O(n k (clusters + 8)) an application for nearest neighbours.
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

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var affinity = options.Affinity == AffinityKind.Dense
            ? Affinity.Dense(unitRows)
            : Affinity.FromNeighbours(NeighbourGraph.Build(unitRows, Math.Min(options.Neighbours, count - 1), progress, cancellation));
        progress?.Report(new StepProgress("eigenvectors", 0, 1, "decompositions"));
        cancellation.ThrowIfCancellationRequested();
        var (values, vectors, residual) = count <= DirectRows
            ? Direct(affinity, options.Clusters)
            : SubspaceIteration.Top(count, options.Clusters, affinity.Apply, options.Seed, progress, cancellation);
        var embedding = new double[count, options.Clusters];
        for (var row = 0; row < count; row++)
        {
            for (var column = 0; column < options.Clusters; column++)
            {
                embedding[row, column] = vectors[column, row] * affinity.InverseRootDegree[row];
            }
        }

        var settings = new KMeansOptions { Clusters = options.Clusters, Restarts = options.Restarts, Seed = options.Seed };
        var result = KMeans.Fit(embedding, settings, progress, cancellation);
        return new SpectralClusteringResult(NumberByFirstRow(result.Labels), values, result.Inertia, residual);
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
