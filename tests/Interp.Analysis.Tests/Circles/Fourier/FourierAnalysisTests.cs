using System.Text.Json;
using Interp.Analysis.Circles.Fourier;
using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Fourier;

public sealed class FourierAnalysisTests
{
    /// <summary>float64 throughout; a few matrix products.</summary>
    private const double Tolerance = 1e-9;

    private static readonly (int, double, double)[] s_circles = [(2, 1, 6), (5, 2, 12), (3, 1, 0)];

    [Fact]
    public void A_clock_in_closed_form_is_measured_as_it_was_made()
    {
        using var scope = NewDisposeScope();
        using var input = IdealClock.Create(13, s_circles);
        var result = FourierAnalysis.Run(input, new FourierOptions());
        Assert.Equal([2, 5], result.KeyFrequencies);
        Assert.Equal([0, 1 / 6.0, 1 / 6.0, 0, 4 / 6.0, 0], result.FrequencyPower, (expected, actual) => Math.Abs(expected - actual) < Tolerance);
        Assert.Equal(2, result.EffectiveFrequencies, Tolerance);
        Assert.Equal(1, result.LogitVarianceExplained, Tolerance);
        Assert.Equal(0.2, result.Frequencies[1].LogitVarianceExplained, Tolerance);
        Assert.Equal(0.8, result.Frequencies[4].LogitVarianceExplained, Tolerance);
        Assert.Equal(1, result.Accuracy);
        Assert.Equal(Math.Log(13), result.ExcludedLoss, Tolerance);
        Assert.Equal(result.FullLosses.All, result.RestrictedLoss, Tolerance);
        Assert.Equal(1, result.KeepKeyPlanesAccuracy);
        Assert.True(result.RemoveKeyPlanesAccuracy < 0.2);
        Assert.Equal(1, result.PatchKeyPlanesAccuracy);
        Assert.Equal(1, result.SyntheticDecodeAccuracy);
        Assert.Null(result.NeuronsAboveThreshold);
    }

    [Fact]
    public void A_circle_that_is_embedded_but_not_read_is_a_decoy()
    {
        using var scope = NewDisposeScope();
        using var input = IdealClock.Create(13, s_circles);
        var result = FourierAnalysis.Run(input, new FourierOptions());
        Assert.Equal([3], result.DecoyFrequencies);
        var decoy = result.Frequencies[2];
        Assert.False(decoy.IsKey);
        Assert.Equal(1 / 6.0, decoy.Power, Tolerance);
        Assert.Equal(1, decoy.RemoveAccuracy);
        Assert.Equal(0, decoy.PatchLossRise!.Value, Tolerance);
        Assert.True(result.Frequencies[4].IsCausal);
        Assert.True(result.Frequencies[4].PatchLossRise > 1);
    }

    [Fact]
    public void Planes_hold_the_circles_with_their_radii()
    {
        using var scope = NewDisposeScope();
        using var input = IdealClock.Create(13, s_circles);
        var planes = FourierAnalysis.Run(input, new FourierOptions()).Planes;
        Assert.Equal([2, 5], planes.Select(plane => plane.Frequency));
        Assert.All(Enumerable.Range(0, 13), a => Assert.Equal(2, Math.Sqrt(Math.Pow(planes[1].X[a], 2) + Math.Pow(planes[1].Y[a], 2)), Tolerance));
        Assert.Equal(4 / 6.0, planes[1].VarianceShare, Tolerance);
    }

    [Fact]
    public void Restricted_and_excluded_losses_follow_their_definition()
    {
        using var scope = NewDisposeScope();
        int[] train = [0, 3, 5, 8, 11, 20, 33];
        using var noise = IdealClock.Noise(7, 4, 1);
        using var clock = IdealClock.Create(7, [(1, 1, 2), (3, 1, 3)], train);
        using var input = new FourierInput
        {
            Modulus = 7,
            Embedding = clock.Embedding.clone().DetachFromDisposeScope(),
            Logits = (clock.Logits + (0.3 * noise.Logits)).DetachFromDisposeScope(),
            FinalResidual = clock.FinalResidual.clone().DetachFromDisposeScope(),
            TrainPairs = train,
            Rerun = clock.Rerun,
            Decode = clock.Decode,
        };
        var result = FourierAnalysis.Run(input, new FourierOptions());
        Assert.Equal([1, 3], result.KeyFrequencies);
        var (restricted, excluded) = ByRegression(input.Logits, [1, 3], train);
        Assert.Equal(restricted, result.RestrictedLoss, Tolerance);
        Assert.Equal(excluded, result.ExcludedLoss, Tolerance);
        Assert.Equal("recorded", result.TrainPairs);
        var heldOut = 49 - train.Length;
        Assert.Equal(result.FullLosses.All * 49, (result.FullLosses.Train * train.Length) + (result.FullLosses.HeldOut!.Value * heldOut), Tolerance);
    }

    [Fact]
    public void Noise_has_no_key_frequencies_and_no_readable_circles()
    {
        using var scope = NewDisposeScope();
        using var input = IdealClock.Noise(31, 16, 20);
        var result = FourierAnalysis.Run(input, new FourierOptions());
        Assert.Empty(result.KeyFrequencies);
        Assert.Equal(0, result.NeuronsAboveThreshold);
        Assert.Equal(result.FullLosses.Train, result.ExcludedLoss, Tolerance);
        Assert.InRange(result.LogitVarianceExplained, 0, 0.01);
        Assert.Equal("unknown", result.TrainPairs);
        Assert.All(result.Frequencies.Where(row => row.EmbeddingProbe is not null), row =>
        {
            Assert.True(row.EmbeddingProbe!.HeldOutR2 < 0.5, $"{row}");
            Assert.False(row.IsCausal);
        });
        Assert.Empty(result.DecoyFrequencies);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(10)]
    public void Small_and_even_moduli_are_measured(int modulus)
    {
        using var scope = NewDisposeScope();
        using var input = IdealClock.Create(modulus, [(1, 1, 5)]);
        var result = FourierAnalysis.Run(input, new FourierOptions());
        Assert.Equal([1], result.KeyFrequencies);
        Assert.Equal(modulus / 2, result.Frequencies.Length);
        Assert.Equal(1, result.KeepKeyPlanesAccuracy);
        Assert.Equal(1, result.FrequencyPower[0], Tolerance);
    }

    [Fact]
    public void Logits_that_are_not_finite_are_refused()
    {
        using var scope = NewDisposeScope();
        using var input = IdealClock.Create(7, [(1, 1, 5)]);
        input.Logits[0, 0, 0] = tensor(double.NaN);
        Assert.Throws<InterpException>(() => FourierAnalysis.Run(input, new FourierOptions()));
    }

    [Fact]
    public void The_same_seed_gives_the_same_result_and_no_tensors_stay()
    {
        using var scope = NewDisposeScope();
        using var input = IdealClock.Create(13, s_circles);
        var first = JsonSerializer.Serialize(FourierAnalysis.Run(input, new FourierOptions()), ResultJson.Options);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var second = JsonSerializer.Serialize(FourierAnalysis.Run(input, new FourierOptions()), ResultJson.Options);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Cancelling_stops_between_two_runs_of_the_model()
    {
        using var scope = NewDisposeScope();
        using var input = IdealClock.Create(13, s_circles);
        using var source = new CancellationTokenSource();
        var progress = new CancelAfter(source, 2);
        Assert.Throws<OperationCanceledException>(() => FourierAnalysis.Run(input, new FourierOptions(), progress, source.Token));
        Assert.Equal(2, progress.Last);
    }

    /// <summary>The definition by least squares: regress on cos and sin of k(a + b), keep or drop the fit, mean kept.</summary>
    private static (double Restricted, double Excluded) ByRegression(Tensor logits, int[] keys, int[] train)
    {
        var p = (int)logits.shape[0];
        var sum = (arange(p, dtype: ScalarType.Float64).unsqueeze(1) + arange(p, dtype: ScalarType.Float64).unsqueeze(0)).reshape(-1);
        var design = stack(keys.SelectMany(k => new[] { (sum * (2 * Math.PI * k / p)).cos(), (sum * (2 * Math.PI * k / p)).sin() }), 1);
        var flat = logits.reshape(p * p, p);
        var fit = design.matmul(linalg.pinv(design).matmul(flat));
        double Loss(Tensor values, IEnumerable<int> pairs) => pairs.Average(pair =>
            values[pair].logsumexp(0).ToDouble() - values[pair, ((pair / p) + (pair % p)) % p].ToDouble());
        return (Loss(fit + flat.mean([0], keepdim: true), Enumerable.Range(0, p * p)), Loss(flat - fit, train));
    }

    private sealed class CancelAfter(CancellationTokenSource source, long runs) : IProgress<StepProgress>
    {
        public long Last { get; private set; }

        public void Report(StepProgress value)
        {
            Last = value.Done;
            if (value.Done == runs)
            {
                source.Cancel();
            }
        }
    }
}
