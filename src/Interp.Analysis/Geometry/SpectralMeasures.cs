using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Geometry;

/// <summary>Measures of spectra and cosines, in float64. Centred: anisotropy, ranks, participation. Not centred: cosine, von Neumann, partition.</summary>
internal static class SpectralMeasures
{
    /// <summary>Singular values below this share of the largest are rounding: the Gram matrix halves the digits.</summary>
    private const double SmallestShare = 1e-7;

    /// <summary>Eigenvectors of eigenvalues below this share are skipped by the partition function.</summary>
    private const double SmallestEigenvalue = 1e-12;

    /// <summary>The measures and the covariance's eigenvalues, largest first.</summary>
    public static (CloudMeasures Measures, double[] Spectrum) Of(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var n = rows.shape[0];
        var values = Eigenvalues(rows - rows.mean([0L], keepdim: true));
        double[] sigma = [.. values.Select(value => Math.Sqrt(Math.Max(value, 0)))];
        sigma = [.. sigma.Where(value => value > SmallestShare * sigma[0])];
        var norms = rows.norm(1);
        var unit = rows.index_select(0, norms.gt(0).nonzero().squeeze(1));
        unit = unit / unit.norm(1, keepdim: true);
        var hasSpread = sigma.Length > 0;
        var squares = sigma.Select(value => value * value).ToArray();
        var total = squares.Sum();
        var measures = new CloudMeasures
        {
            AverageCosine = unit.shape[0] > 1 ? (unit.sum([0L]).square().sum().item<double>() - unit.shape[0]) / (unit.shape[0] * (unit.shape[0] - 1.0)) : null,
            VonNeumannEntropy = unit.shape[0] > 0 ? Entropy(Eigenvalues(unit).Select(value => value / unit.shape[0])) : null,
            SpectralAnisotropy = hasSpread ? squares[0] / total : null,
            StableRank = hasSpread ? total / squares[0] : null,
            ParticipationRatio = hasSpread ? total * total / squares.Sum(value => value * value) : null,
            EffectiveRank = hasSpread ? Math.Exp(Entropy(sigma.Select(value => value / sigma.Sum()))) : null,
            PartitionIsotropy = Partition(rows),
        };
        return (measures, [.. squares.Select(value => value / Math.Max(n - 1, 1))]);
    }

    /// <summary>Eigenvalues of XᵀX or XXᵀ, whichever is smaller, largest first.</summary>
    private static double[] Eigenvalues(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var gram = rows.shape[0] < rows.shape[1] ? rows.matmul(rows.t()) : rows.t().matmul(rows);
        return [.. linalg.eigvalsh(gram).ToVector().Reverse()];
    }

    private static double Entropy(IEnumerable<double> shares) => -shares.Where(share => share > 0).Sum(share => share * Math.Log(share));

    private static double? Partition(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var (values, vectors) = linalg.eigh(rows.t().matmul(rows));
        var largest = values[-1].item<double>();
        if (largest <= 0)
        {
            return null;
        }

        var kept = vectors.index_select(1, values.gt(SmallestEigenvalue * largest).nonzero().squeeze(1));
        var projections = rows.matmul(kept); // [n, directions]
        var logs = cat([projections.logsumexp(0), (-projections).logsumexp(0)]);
        return Math.Exp(logs.min().item<double>() - logs.max().item<double>());
    }
}
