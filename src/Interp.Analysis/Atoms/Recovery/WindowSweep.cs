using Interp.Analysis.Atoms.Geometry;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Recovery;

/// <summary>
/// The identifiability theorem's window for the threshold, ε·K·δ_max &lt; τ &lt; δ_min − ε·(K − 1)·δ_max with ε the coherence, beside the share of
/// rows whose support the encoder D' S̃ with one threshold gives exactly. Noise moves both ends by the greatest |⟨d_i, n⟩| to expect.
/// </summary>
/// <remarks>Source: arXiv 2509.20784 (the theorem as the specification reports it); the noise term is the expected maximum of N Gaussians, σ√(2 ln N).</remarks>
internal static class WindowSweep
{
    private const int Rows = 4096;
    private const int Thresholds = 200;

    /// <summary>One setting.</summary>
    public static RecoveryPoint Point(Tensor planted, double coherence, int active, double noise, RecoveryOptions options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var codes = PlantedAtoms.Codes(Rows, active, options, $"window codes {active}");
        var x = PlantedAtoms.Rows(codes, planted, noise, options.Seed, $"window noise {active} {noise}");
        using var metric = AtomicMetric.OfDirections(planted, 0);
        var encoder = WhitenedTie.Encoder(planted, metric);
        var z = x.matmul(encoder.t());
        var reach = noise * encoder.norm(1).max().item<double>() * Math.Sqrt(2 * Math.Log(planted.shape[0]));
        var lower = (coherence * active * options.Greatest) + reach;
        var upper = options.Least - (coherence * (active - 1) * options.Greatest) - reach;
        var middle = (lower + upper) / 2;

        // A support is exact for every threshold between the greatest inactive and the least active pre-activation of the row.
        var support = codes.gt(0);
        var least = z.masked_fill(support.logical_not(), double.PositiveInfinity).amin([1L]);
        var greatest = z.masked_fill(support, double.NegativeInfinity).amax([1L]);
        double Exact(double threshold) => least.gt(threshold).logical_and(greatest.le(threshold)).to(ScalarType.Float64).mean().item<double>();
        var best = Enumerable.Range(1, Thresholds).Max(i => Exact(options.Greatest * i / Thresholds));
        return new RecoveryPoint(active, noise, lower, upper, middle, Exact(middle), best);
    }
}
