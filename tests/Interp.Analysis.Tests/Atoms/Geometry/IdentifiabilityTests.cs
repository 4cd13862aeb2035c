using Interp.Analysis.Activations;
using Interp.Analysis.Atoms;
using Interp.Analysis.Atoms.Evaluation;
using Interp.Analysis.Atoms.Geometry;
using Interp.Analysis.Atoms.Training;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Atoms.Geometry;

/// <summary>
/// The theory of atoms on a dictionary where everything is known: four mutually unbiased bases of 64 dimensions, 256 directions whose
/// cosines are 0 or 1/8, so that codes of up to four directions are unique.
/// </summary>
public sealed class IdentifiabilityTests
{
    private const int Width = 64;
    private const int Directions = 4 * Width;
    private const int Active = 3;
    private const double Coherence = 0.125;
    private const double Least = 1;
    private const double Greatest = 1.2;

    [Fact]
    public void The_bases_are_unbiased()
    {
        using var scope = NewDisposeScope();
        var directions = UnbiasedBases();
        using var metric = AtomicMetric.OfDirections(directions, 0);
        Assert.Equal(Coherence, PairCoherence.Of(directions).Maximum, 1e-9);
        Assert.Equal(Coherence, PairCoherence.Of(metric.Whiten(directions)).Maximum, 1e-9);
        Assert.Equal(4, UniquenessBound.LargestSparsity(Coherence));
    }

    [Fact]
    public void A_threshold_inside_the_window_finds_every_support_and_the_refit_every_coefficient()
    {
        using var scope = NewDisposeScope();
        var directions = UnbiasedBases();
        var truth = Codes(500);
        var x = truth.matmul(directions).to(ScalarType.Float32);
        using var dictionary = Dictionary(directions, threshold: 0.55f);
        var codes = dictionary.Encode(x);
        Assert.True(codes.gt(0).equal(truth.gt(0)).all().item<bool>());
        var error = (codes - truth).abs().max().item<double>();
        Assert.InRange(error, 0.05, Coherence * (Active - 1) * Greatest);
        var refitted = CodeRefit.Run(x, codes, dictionary.DecoderDirections);
        Assert.InRange((refitted - truth).abs().max().item<double>(), 0, 1e-5);
    }

    [Theory]
    [InlineData(0.55, 3, 1, 0, 0)]
    [InlineData(0.2, 3, 0, 1, 0)]
    [InlineData(0.55, 8, 0, 0, 1)]
    public void The_flags_say_where_thresholds_stand(double threshold, int active, double green, double amber, double red)
    {
        double[] coefficients = [.. Enumerable.Range(0, 101).Select(i => Least + ((Greatest - Least) * i / 100))];
        var window = SupportMeasures.Window("strict", Coherence, active, coefficients, [threshold, threshold]);
        Assert.Equal((green, amber, red), (window.Green, window.Amber, window.Red));
        Assert.Equal(Coherence * active * window.GreatestCoefficient, window.Lower, 1e-12);
    }

    [Fact]
    public void The_whitened_tie_encodes_a_multiple_of_one_direction_as_that_multiple()
    {
        using var scope = NewDisposeScope();
        var directions = RandomTensor.Normal(40, 12).to(ScalarType.Float64);
        using var metric = AtomicMetric.OfDirections(directions * tensor(Enumerable.Range(1, 12).Select(i => (double)i).ToArray()), 1e-6);
        var products = directions.matmul(WhitenedTie.Encoder(directions, metric).t()).diagonal().ToVector();
        Assert.All(products, product => Assert.Equal(1, product, 1e-9));
    }

    [Fact]
    public void A_refit_drops_what_comes_out_negative_and_never_fits_worse_than_the_codes()
    {
        using var scope = NewDisposeScope();
        var directions = RandomTensor.Normal(30, 10).to(ScalarType.Float64);
        var x = RandomTensor.Normal(200, 10, 2).to(ScalarType.Float64);
        var codes = RandomTensor.Normal(200, 30, 3).sub_(0.8).relu_().to(ScalarType.Float64);
        var refitted = CodeRefit.Run(x, codes, directions);
        Assert.True(refitted.min().item<double>() >= 0);
        Assert.False(refitted.gt(0).logical_and(codes.eq(0)).any().item<bool>());
        var gradients = (x - refitted.matmul(directions)).matmul(directions.t()).masked_select(refitted.gt(0));
        Assert.InRange(gradients.abs().max().item<double>(), 0, 1e-4);
        LiveTensors.AssertNoGrowth(() => CodeRefit.Run(x, codes, directions).Dispose());
    }

    [Fact]
    public void Training_can_start_from_the_whitened_tie_and_from_rows()
    {
        var folder = Directory.CreateTempSubdirectory("interp-test-").FullName;
        try
        {
            SyntheticFeatures.Write(Path.Combine(folder, "store"), 2000, 12, 20, 2).Dispose();
            using var store = ActivationStore.Open(Path.Combine(folder, "store"));
            var options = new AtomsOptions { Width = [40], TargetL0 = [2], Steps = 600, BatchSize = 128, EncoderStart = EncoderStart.WhitenedTie };
            var whitened = AtomsAnalysis.Run(store, Path.Combine(folder, "a"), options);
            var tied = AtomsAnalysis.Run(store, Path.Combine(folder, "b"), options with { EncoderStart = EncoderStart.Tied });
            Assert.NotEqual(tied.HeldOutExplainedVariance, whitened.HeldOutExplainedVariance);
            Assert.InRange(whitened.HeldOutExplainedVariance, 0.6, 1);
            var atRows = AtomsAnalysis.Run(store, Path.Combine(folder, "c"), options with { EncoderStart = EncoderStart.Tied, DirectionStart = DirectionStart.Samples });
            Assert.NotEqual(tied.HeldOutExplainedVariance, atRows.HeldOutExplainedVariance);
            Assert.InRange(atRows.HeldOutExplainedVariance, 0.6, 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The axes, the Walsh functions, and these times the signs of two bent functions whose sum is bent too.</summary>
    private static Tensor UnbiasedBases()
    {
        var rows = new double[Directions, Width];
        for (var i = 0; i < Width; i++)
        {
            rows[i, i] = 1;
            for (var x = 0; x < Width; x++)
            {
                var walsh = Parity(i & x);
                rows[Width + i, x] = Sign(walsh) / 8;
                rows[(2 * Width) + i, x] = Sign(walsh + Parity((x >> 3) & x & 7)) / 8;
                rows[(3 * Width) + i, x] = Sign(walsh + Parity(Companion(x >> 3) & x & 7)) / 8;
            }
        }

        return rows.ToTensor();
    }

    /// <summary>Multiplication by t in the field of eight elements, t³ = t + 1; it and it plus one are invertible.</summary>
    private static int Companion(int element) => ((element << 1) & 7) ^ ((element & 4) != 0 ? 3 : 0);

    private static int Parity(int bits) => System.Numerics.BitOperations.PopCount((uint)bits) & 1;

    private static double Sign(int parity) => parity % 2 == 0 ? 1 : -1;

    private static Tensor Codes(int rows)
    {
        var random = SplitMix64.ForStream(1, "sparse codes");
        var codes = new double[rows, Directions];
        for (var row = 0; row < rows; row++)
        {
            for (var k = 0; k < Active; k++)
            {
                codes[row, random.NextInt(Directions)] = Least + ((Greatest - Least) * random.NextDouble());
            }
        }

        return codes.ToTensor();
    }

    private static SparseAutoencoder Dictionary(Tensor directions, float threshold)
    {
        using var scope = NewDisposeScope();
        using var metric = AtomicMetric.OfDirections(directions, 0);
        return SparseAutoencoder.Create(
            new DictionaryInfo(), WhitenedTie.Encoder(directions, metric).t().to(ScalarType.Float32).contiguous(), zeros(Directions),
            directions.to(ScalarType.Float32), zeros(Width), full(Directions, threshold, ScalarType.Float32));
    }
}
