using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement;

/// <summary>
/// The squared singular values of every cut of a chain, for a batch of states. Two density matrices are formed, one on each
/// side of the most balanced cut, and all others follow by tracing out a site at a time; only eigenvalues are taken, in
/// float64. With N = m·n amplitudes no matrix is larger than √N a side. Against a singular value decomposition a cut the
/// error is about 1e-13, except that weights below 1e-15 of the whole are lost: ranks need <see cref="BySingularValues"/>.
/// </summary>
internal static class SchmidtSpectra
{
    /// <summary>Calls back for every cut, in no particular order.</summary>
    /// <param name="states">Amplitudes <c>[b, N]</c>, any real dtype; each state not zero and of moderate scale.</param>
    /// <param name="sites">The sites, of product N.</param>
    /// <param name="visit">Receives the cut ℓ, counted from 1, and its weights <c>[b, k]</c>, float64, adding to 1; the tensor is freed afterwards.</param>
    /// <param name="cancellation">Stops between cuts.</param>
    public static void ByDensityMatrices(Tensor states, IReadOnlyList<int> sites, Action<int, Tensor> visit, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var amplitudes = states.detach().to(ScalarType.Float64);
        var middle = MostBalancedCut(amplitudes.shape[1], sites, out var left);
        VisitLeft(amplitudes, sites, middle, left, visit, cancellation);
        if (middle + 1 < sites.Count)
        {
            VisitRight(amplitudes, sites, middle + 1, left * sites[middle], visit, cancellation);
        }
    }

    /// <summary>The same by one singular value decomposition a cut; slow, and exact for small weights.</summary>
    /// <inheritdoc cref="ByDensityMatrices"/>
    public static void BySingularValues(Tensor states, IReadOnlyList<int> sites, Action<int, Tensor> visit, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var amplitudes = states.detach().to(ScalarType.Float64);
        var left = 1L;
        for (var cut = 1; cut < sites.Count; cut++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            left *= sites[cut - 1];
            visit(cut, SingularWeights(amplitudes.reshape(amplitudes.shape[0], left, -1)));
        }
    }

    /// <summary>Squared singular values of matrices, over their sum.</summary>
    /// <param name="matrices">Float64 <c>[b, m, n]</c>.</param>
    /// <returns><c>[b, min(m, n)]</c>, largest first.</returns>
    public static Tensor SingularWeights(Tensor matrices)
    {
        var squares = linalg.svdvals(matrices).square();
        return squares / squares.sum(-1, keepdim: true);
    }

    /// <summary>The last cut whose left dimension is at most its right one.</summary>
    private static int MostBalancedCut(long total, IReadOnlyList<int> sites, out long left)
    {
        var cut = 0;
        left = 1;
        while (cut < sites.Count - 1 && left * sites[cut] <= total / (left * sites[cut]))
        {
            left *= sites[cut++];
        }

        return cut;
    }

    private static void VisitLeft(Tensor amplitudes, IReadOnlyList<int> sites, int cut, long dimension, Action<int, Tensor> visit, CancellationToken cancellation)
    {
        if (cut == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var matrix = amplitudes.reshape(amplitudes.shape[0], dimension, -1);
        var density = matrix.matmul(matrix.transpose(1, 2));
        for (; cut >= 1; cut--)
        {
            cancellation.ThrowIfCancellationRequested();
            Visit(cut, density, visit);

            // ρ'[i, i'] = Σ_s ρ[(i, s), (i', s)]: the last site is traced out.
            long site = sites[cut - 1];
            dimension /= site;
            density = density.reshape(-1, dimension, site, dimension, site).diagonal(0, 2, 4).sum(-1);
        }
    }

    private static void VisitRight(Tensor amplitudes, IReadOnlyList<int> sites, int cut, long left, Action<int, Tensor> visit, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var matrix = amplitudes.reshape(amplitudes.shape[0], left, -1);
        var dimension = matrix.shape[2];
        var density = matrix.transpose(1, 2).matmul(matrix);
        for (; cut < sites.Count; cut++)
        {
            cancellation.ThrowIfCancellationRequested();
            Visit(cut, density, visit);

            // ρ'[j, j'] = Σ_s ρ[(s, j), (s, j')]: the first site of the right block is traced out.
            long site = sites[cut];
            dimension /= site;
            density = density.reshape(-1, site, dimension, site, dimension).diagonal(0, 1, 3).sum(-1);
        }
    }

    private static void Visit(int cut, Tensor density, Action<int, Tensor> visit)
    {
        using var scope = NewDisposeScope();
        var values = SymmetricSpectra.Eigenvalues(density).clamp_min(0);
        visit(cut, values / values.sum(-1, keepdim: true));
    }
}
