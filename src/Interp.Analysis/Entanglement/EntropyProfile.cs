using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement;

/// <summary>The entropies of every cut of one state, in nats; entry ℓ − 1 is the cut after ℓ sites.</summary>
/// <param name="Entropies">Von Neumann: −Σ p ln p.</param>
/// <param name="Renyi2">Rényi-2: −ln Σ p².</param>
/// <param name="MinEntropies">S_∞ = −ln of the largest weight.</param>
public sealed record EntropyProfile(double[] Entropies, double[] Renyi2, double[] MinEntropies)
{
    /// <summary>The profiles of matrices. Costs about 2 (m n)^1.5 multiplications; memory: a few matrices of √(m n) a side.</summary>
    /// <param name="matrices"><c>[b, m, n]</c>, any real dtype, finite and none of them zero.</param>
    /// <param name="chain">The sites of m × n.</param>
    /// <param name="cancellation">Stops between cuts.</param>
    public static EntropyProfile[] Of(Tensor matrices, SiteChain chain, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var collector = new EntropyCollector((int)matrices.shape[0], chain.CutCount);
        SchmidtSpectra.ByDensityMatrices(chain.States(Scaled(matrices)), chain.Sites, collector.Add, cancellation);
        return collector.Profiles();
    }

    /// <summary>The same by one values-only singular value decomposition a cut: slow and obvious, what <see cref="Of"/> is measured against.</summary>
    /// <inheritdoc cref="Of"/>
    public static EntropyProfile[] ByDecompositions(Tensor matrices, SiteChain chain, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var collector = new EntropyCollector((int)matrices.shape[0], chain.CutCount);
        SchmidtSpectra.BySingularValues(chain.States(Scaled(matrices)), chain.Sites, collector.Add, cancellation);
        return collector.Profiles();
    }

    /// <summary>
    /// The profile of a product left · right without forming it: by B = Q R the factor Q drops out of every cut on the other
    /// side. Exact; no matrix is larger than √(m r) or √(r n) a side.
    /// </summary>
    /// <param name="left">B <c>[m, r]</c>.</param>
    /// <param name="right">A <c>[r, n]</c>.</param>
    /// <param name="chain">The sites of m × n, rows then columns.</param>
    /// <param name="cancellation">Stops between cuts.</param>
    public static EntropyProfile OfProduct(Tensor left, Tensor right, SiteChain chain, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var b = Scaled(left.detach().unsqueeze(0)).squeeze(0);
        var a = Scaled(right.detach().unsqueeze(0)).squeeze(0);
        var (_, rightTriangle) = linalg.qr(a.t()); // Aᵀ = Q_A R_A
        var (_, leftTriangle) = linalg.qr(b); // B = Q_B R_B
        var rows = Scaled(b.matmul(rightTriangle.t()).unsqueeze(0)); // [1, m, min(r, n)]
        var columns = Scaled(leftTriangle.matmul(a).unsqueeze(0)); // [1, min(m, r), n]
        var collector = new EntropyCollector(1, chain.CutCount);
        int[] rowSites = [.. chain.Sites[..chain.Boundary], (int)rows.shape[2]];
        int[] columnSites = [(int)columns.shape[1], .. chain.Sites[chain.Boundary..]];
        SchmidtSpectra.ByDensityMatrices(rows.reshape(1, -1), rowSites, collector.Add, cancellation);
        SchmidtSpectra.ByDensityMatrices(columns.reshape(1, -1), columnSites, (cut, weights) => collector.Add(chain.Boundary + cut - 1, weights), cancellation);
        return collector.Profiles()[0];
    }

    /// <summary>Each matrix over its largest magnitude, in float64, so that squares neither vanish nor overflow; zeros stay zeros.</summary>
    internal static Tensor Scaled(Tensor matrices)
    {
        var wide = matrices.detach().to(ScalarType.Float64);
        var largest = wide.abs().amax([1L, 2L], keepdim: true);
        return wide / largest.masked_fill(largest.eq(0), 1);
    }
}
