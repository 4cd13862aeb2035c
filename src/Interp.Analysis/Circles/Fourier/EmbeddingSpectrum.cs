using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>How the energy of a table with one row a residue is shared among the frequencies.</summary>
/// <param name="Power">Shares for frequencies 1 … ⌊p/2⌋ of the energy after the mean row is removed; they add to 1.</param>
/// <param name="EffectiveFrequencies">1/Σ share²: how many equal frequencies would be as spread out.</param>
/// <param name="Gini">Inequality of the shares: 0 when all are equal, near 1 when one has all.</param>
internal sealed record EmbeddingSpectrum(double[] Power, double EffectiveFrequencies, double Gini)
{
    /// <summary>Measures a table.</summary>
    /// <param name="table">float64 [p, d].</param>
    /// <param name="basis">The basis of p.</param>
    public static EmbeddingSpectrum Of(Tensor table, FourierBasis basis)
    {
        using var scope = NewDisposeScope();
        var energy = basis.Transform(table - table.mean([0], keepdim: true)).square().sum(1).data<double>().ToArray();
        var total = energy.Skip(1).Sum();
        var power = Enumerable.Range(1, basis.FrequencyCount)
            .Select(k => total > 0 ? basis.RowsOf(k).Sum(row => energy[row]) / total : 0)
            .ToArray();
        return new EmbeddingSpectrum(power, total > 0 ? 1 / power.Sum(share => share * share) : 0, GiniOf(power));
    }

    /// <summary>The Gini coefficient of non-negative numbers; 0 when they are all zero.</summary>
    internal static double GiniOf(IReadOnlyCollection<double> shares)
    {
        var total = shares.Sum();
        if (!(total > 0))
        {
            return 0;
        }

        var weighted = shares.Order().Select((share, index) => (index + 1) * share).Sum();
        var n = (double)shares.Count;
        return (2 * weighted / (n * total)) - ((n + 1) / n);
    }

    /// <summary>
    /// Inverse participation ratio Σ|F|⁴/(Σ|F|²)² of the complex Fourier coefficients with the mean removed: 0.5 for a pure
    /// cosine, 2/(p − 1)-like when the energy is spread. Source: arXiv 2301.02679 and 2406.03495.
    /// </summary>
    /// <param name="values">float64 [p, n], one function a column.</param>
    /// <param name="basis">The basis of p.</param>
    /// <returns>[n]; NaN for a constant column.</returns>
    internal static double[] InverseParticipation(Tensor values, FourierBasis basis)
    {
        using var scope = NewDisposeScope();
        var energy = basis.Transform(values).square();
        var second = zeros(values.shape[1], dtype: ScalarType.Float64);
        var fourth = zeros(values.shape[1], dtype: ScalarType.Float64);
        for (var k = 1; k <= basis.FrequencyCount; k++)
        {
            // A frequency's energy e is two coefficients of |F|² = e/2 each, +k and −k; Nyquist's is one.
            var rows = basis.RowsOf(k);
            var share = energy.index_select(0, tensor(rows, dtype: ScalarType.Int64)).sum([0]);
            second = second + share;
            fourth = fourth + (share.square() / rows.Length);
        }

        return (fourth / second.square()).data<double>().ToArray();
    }
}
