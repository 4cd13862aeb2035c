using Interp.Analysis.Activations;
using Interp.Analysis.Atoms.Geometry;
using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>What the theory says about the supports that thresholds find: the windows of the thresholds, and the refit of the codes.</summary>
internal static class SupportMeasures
{
    private const int RefitRows = 2048;
    private const double LeastQuantile = 0.01;
    private const double GreatestQuantile = 0.99;

    /// <summary>Refits some rows.</summary>
    /// <param name="dictionary">The dictionary.</param>
    /// <param name="store">The activations.</param>
    /// <param name="rows">The rows, of which the first are taken.</param>
    /// <param name="largestSparsity">The greatest number of active latents that the coherence allows.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    public static RefitSummary Refit(SparseAutoencoder dictionary, ActivationStore store, long[] rows, double largestSparsity, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var x = store.Gather(rows.AsSpan(0, Math.Min(RefitRows, rows.Length)));
        var codes = dictionary.Encode(x);
        DictionaryMetrics before = new(dictionary.Width), after = new(dictionary.Width);
        before.Add(x, codes, dictionary.Decode(codes, x));
        var refitted = CodeRefit.Run(x - dictionary.DecoderBias, codes, dictionary.DecoderDirections, cancellation);
        after.Add(x, refitted, refitted.matmul(dictionary.DecoderDirections.to(ScalarType.Float64)) + dictionary.DecoderBias);
        var identified = codes.gt(0).sum(1).le(largestSparsity).to(ScalarType.Float64).mean().item<double>();
        return new RefitSummary(before.ExplainedVariance, after.ExplainedVariance, after.ExplainedVariance - before.ExplainedVariance, identified, x.shape[0]);
    }

    /// <summary>The window under one choice of ε and K.</summary>
    /// <param name="bound">The choice's name.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="active">K.</param>
    /// <param name="coefficients">Non-zero coefficients in atomic units, ascending.</param>
    /// <param name="thresholds">The living latents' thresholds in atomic units.</param>
    public static WindowSummary Window(string bound, double epsilon, double active, double[] coefficients, double[] thresholds)
    {
        double At(double q) => coefficients[Math.Clamp((int)Math.Ceiling(q * coefficients.Length) - 1, 0, coefficients.Length - 1)];
        var (least, greatest) = (At(LeastQuantile), At(GreatestQuantile));
        var lower = epsilon * active * greatest;
        var upper = least - (epsilon * (active - 1) * greatest);
        var isOpen = lower < upper;
        var inside = isOpen ? thresholds.Count(threshold => lower < threshold && threshold < upper) / (double)thresholds.Length : 0;
        return new WindowSummary(bound, epsilon, active, least, greatest, lower, upper, inside, isOpen ? 1 - inside : 0, isOpen ? 0 : 1);
    }

    /// <summary>Non-zero coefficients of some rows in units where directions have atomic length 1, ascending.</summary>
    public static double[] Coefficients(SparseAutoencoder dictionary, ActivationStore store, long[] rows, Tensor lengths)
    {
        using var scope = NewDisposeScope();
        var x = store.Gather(rows.AsSpan(0, Math.Min(RefitRows, rows.Length)));
        var scaled = dictionary.Encode(x).to(ScalarType.Float64) * lengths;
        return [.. scaled.masked_select(scaled.gt(0)).ToVector().Order()];
    }
}
