using Interp.Compute.Statistics;

namespace Interp.Analysis.Entanglement;

/// <summary>What entropy profiles of matrices without structure look like; in nats.</summary>
/// <remarks>Sources: D. N. Page, Phys. Rev. Lett. 71 (1993) 1291; Marchenko and Pastur (1967). The real and low-rank forms are asymptotic expansions.</remarks>
public static class NullModels
{
    /// <summary>Page's mean entropy of a random state of two parts, ψ(ab + 1) − ψ(max + 1) − (min − 1)/(2 max): exact for complex amplitudes.</summary>
    /// <param name="left">Dimension of one part.</param>
    /// <param name="right">Dimension of the other.</param>
    public static double Page(double left, double right)
    {
        var (small, large) = (Math.Min(left, right), Math.Max(left, right));
        return SpecialFunctions.Digamma((small * large) + 1) - SpecialFunctions.Digamma(large + 1) - ((small - 1) / (2 * large));
    }

    /// <summary>The same for real Gaussian amplitudes, which weights are; asymptotic, good from 16 × 16 on.</summary>
    /// <inheritdoc cref="Page"/>
    public static double PageReal(double left, double right)
    {
        var (small, large) = (Math.Min(left, right), Math.Max(left, right));
        return Page(small, large) - (RealTerm(small / large) / small) + (1 / (2 * small * large));
    }

    /// <summary>Page's value at every cut: a tent, rounded at its top, without a valley.</summary>
    public static double[] FullRank(SiteChain chain) => AtCuts(chain, Page);

    /// <summary>The real-amplitude value at every cut.</summary>
    public static double[] FullRankReal(SiteChain chain) => AtCuts(chain, PageReal);

    /// <summary>
    /// The product of Gaussian matrices [m, r] and [r, n] at every cut: two humps near D = √(mr) and √(nr) and a dip to
    /// ln r − (r/m + r/n)/2 + r²/(6mn) at the boundary.
    /// </summary>
    /// <param name="chain">The sites, rows then columns.</param>
    /// <param name="rank">The inner dimension r, at most min(m, n).</param>
    public static double[] LoraGaussian(SiteChain chain, int rank)
    {
        var total = (double)chain.Rows * chain.Columns;
        return [.. chain.LeftDimensions.Select(dimension => dimension <= chain.Rows
            ? LoraSide(dimension, chain.Rows, chain.Columns, rank)
            : LoraSide(total / dimension, chain.Columns, chain.Rows, rank))];
    }

    /// <summary>
    /// The same with the terms of order 1/D that real factors of finite size bring: the null that figures draw. Within 0.01 of the mean
    /// over draws at every cut from rank 16 and 32 × 32 on, where <see cref="LoraGaussian"/> is off by up to 0.018.
    /// </summary>
    /// <inheritdoc cref="LoraGaussian"/>
    public static double[] LoraGaussianReal(SiteChain chain, int rank)
    {
        var total = (double)chain.Rows * chain.Columns;
        var plain = LoraGaussian(chain, rank);
        return [.. chain.LeftDimensions.Select((dimension, cut) => plain[cut] + (dimension <= chain.Rows
            ? LoraRealTerms(dimension, chain.Rows, chain.Columns, rank)
            : LoraRealTerms(total / dimension, chain.Columns, chain.Rows, rank)))];
    }

    /// <summary>
    /// The Rényi-2 entropy at every cut when the spectrum at the boundary is kept and the singular vectors are random, through
    /// the mean purity: −ln[P a + (1 − P) b].
    /// </summary>
    /// <param name="chain">The sites, rows then columns.</param>
    /// <param name="purity">P, the sum of squared weights at the boundary.</param>
    public static double[] SpectrumConditioned(SiteChain chain, double purity)
    {
        var total = (double)chain.Rows * chain.Columns;
        return [.. chain.LeftDimensions.Select(dimension => dimension <= chain.Rows
            ? SpectrumSide(dimension, chain.Rows, purity)
            : SpectrumSide(total / dimension, chain.Columns, purity))];
    }

    /// <summary>
    /// Entropy of attention as one heavy direction over a random bulk: h(p₁) + (1 − p₁)(ln T − ½), h the binary entropy. A
    /// candidate explanation of area law plus logarithm, c = 3(1 − p₁).
    /// </summary>
    /// <param name="largestWeight">p₁; e^(−s²) for scores of variance s².</param>
    /// <param name="length">T.</param>
    public static double SpikeAndBulk(double largestWeight, double length)
    {
        var rest = 1 - largestWeight;
        return Part(largestWeight) + Part(rest) + (rest * (Math.Log(length) - 0.5));

        static double Part(double p) => p > 0 ? -p * Math.Log(p) : 0;
    }

    private static double[] AtCuts(SiteChain chain, Func<double, double, double> entropy)
    {
        var total = (double)chain.Rows * chain.Columns;
        return [.. chain.LeftDimensions.Select(dimension => entropy(dimension, total / dimension))];
    }

    private static double LoraSide(double dimension, double own, double other, double rank)
    {
        var b = rank / other;
        var c = dimension * dimension / (own * rank);
        return c <= 1
            ? Math.Log(dimension) - (c * (1 + b) / 2) + (b * c * c / 6)
            : Math.Log(own * rank / dimension) - (((1 / c) + b) / 2) + (b / (6 * c));
    }

    /// <summary>
    /// What real numbers take off, by the terms of <see cref="PageReal"/>: at small D the state is a Gaussian D × mr/D whose
    /// environment has the purity of a Wishart matrix r × n, at large D the environment is the smaller part.
    /// </summary>
    private static double LoraRealTerms(double dimension, double own, double other, double rank)
    {
        var b = Math.Min(rank / other, 1);
        var c = dimension * dimension / (own * rank);
        var environment = own * rank / dimension;
        var common = 1 / (own * rank);
        return c <= 1
            ? common - (((RealTerm(c) * (1 + b)) - SecondTerm(b, c)) / dimension) - (c * RealTerm(b) / rank)
            : common - (((RealTerm(1 / c) * (1 + (b / c))) - SecondTerm(b, 1 / c)) / environment) - (RealTerm(b) / rank);
    }

    /// <summary>
    /// What the term c² of a real Wishart matrix over an environment of moments h₂ = 1 + b and h₃ = 1 + 3b + b² has beyond that of Δ(c)(1 + b):
    /// its cumulants give (h₃/2 − 5h₂²/12)c². Derived for c ≤ 1; beyond, continued with 1/c so that both sides meet.
    /// </summary>
    private static double SecondTerm(double b, double c) => ((7 * b) + (b * b)) * c * c / 12;

    /// <summary>Δ(c) = ¼[(1+√c)² ln(1+√c)² + (1−√c)² ln(1−√c)²] − c, the first correction for real amplitudes, 0 ≤ c ≤ 1.</summary>
    private static double RealTerm(double c)
    {
        var root = Math.Sqrt(c);
        return ((Term(1 + root) + Term(1 - root)) / 4) - c;

        static double Term(double x) => x <= 0 ? 0 : 2 * x * x * Math.Log(x);
    }

    private static double SpectrumSide(double dimension, double own, double purity)
    {
        if (own <= 1)
        {
            return 0;
        }

        var a = (dimension + (own / dimension) + 1) / (own + 2);
        var b = ((own * own / dimension) - (own * a)) / (own * (own - 1));
        return -Math.Log((purity * a) + ((1 - purity) * b));
    }
}
