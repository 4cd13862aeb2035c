using Interp.Analysis.Entanglement;
using Interp.Analysis.Entanglement.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Entanglement.Attention;

public sealed class HeadSampleTests
{
    private const double Listed = 1e-10;

    /// <summary>The listed random patterns are single draws.</summary>
    private const double BetweenDraws = 0.12;

    private static readonly int[] s_lengths = [16, 32, 64, 128, 256, 512, 1024];

    [Theory]
    [InlineData("uniform causal A[i,j]=1/(i+1), j<=i", false)]
    [InlineData("local causal softmax(-|i-j|/8)", true)]
    public void Patterns_of_simple_rules_have_their_listed_entropies_and_growth(string name, bool isLocal)
    {
        using var scope = NewDisposeScope();
        var listed = EntanglementOracle.Read("entanglement-attention.json").GetProperty(name);
        var pattern = isLocal ? AttentionPatterns.LocalCausal(1024, 8) : AttentionPatterns.UniformCausal(1024);
        var middle = pattern.narrow(0, 0, 256).narrow(1, 0, 256).unsqueeze(0);
        var sample = HeadSample.Of(middle, SiteChain.Of(256, 256), s_lengths[..5], AttentionState.Pattern, true, default)[0];
        EntanglementOracle.AssertClose(listed.Numbers("profile_T256"), sample.Profile.Entropies, Listed);
        EntanglementOracle.AssertClose(listed.Numbers("S")[..5], sample.PrefixEntropies, Listed);
        Assert.Equal(listed.Numbers("p1")[4], Math.Exp(-sample.Profile.MinEntropies[7]), Listed);

        var fit = ScalingFits.AgainstLength(s_lengths[2..], listed.Numbers("S")[2..]).Single(candidate => candidate.Law == ScalingLaw.AreaLogarithm);
        Assert.Equal(listed.GetProperty("slope_s").GetDouble(), fit.Coefficient / 3, 1e-8);
        Assert.Equal(listed.GetProperty("intercept_a").GetDouble(), fit.Offset, 1e-8);
    }

    [Fact]
    public void Random_scores_have_their_listed_profiles()
    {
        using var scope = NewDisposeScope();
        var scores = RandomTensor.Normal(256, 256).to(ScalarType.Float64);
        var oracle = EntanglementOracle.Read("entanglement-attention.json");
        var full = HeadSample.Of(scores.softmax(-1).unsqueeze(0), SiteChain.Of(256, 256), [], AttentionState.Pattern, true, default)[0];
        EntanglementOracle.AssertClose(oracle.GetProperty("iid scores var1, full").Numbers("profile_T256"), full.Profile.Entropies, BetweenDraws);
        Assert.Equal(NullModels.SpikeAndBulk(Math.Exp(-1), 256), full.Profile.Entropies[7], BetweenDraws);

        // Rows near the start differ much from draw to draw, so the listed draw is held against the spread of many.
        var draws = RandomTensor.Normal(24 * 64, 64, seed: 5).to(ScalarType.Float64).reshape(24, 64, 64);
        var entropies = HeadSample.Of(AttentionPatterns.Causal(draws), SiteChain.Of(64, 64), [], AttentionState.Pattern, true, default)
            .Select(sample => sample.Profile.Entropies[5]).ToArray();
        var mean = entropies.Average();
        var spread = Math.Sqrt(entropies.Average(entropy => (entropy - mean) * (entropy - mean)));
        Assert.Equal(oracle.GetProperty("iid var1, causal").Numbers("S")[2], mean, 3 * spread);
        Assert.InRange(spread, 0.01, 0.2);
    }

    [Fact]
    public void A_sink_is_nearly_a_product_state_and_its_rest_is_not()
    {
        using var scope = NewDisposeScope();
        var scores = RandomTensor.Normal(64, 64).to(ScalarType.Float64);
        scores.narrow(1, 0, 1).add_(6);
        var sample = HeadSample.Of(AttentionPatterns.Causal(scores).unsqueeze(0), SiteChain.Of(64, 64), [], AttentionState.Pattern, true, default)[0];
        Assert.True(sample.FirstMass > 0.8);
        Assert.True(sample.Profile.Entropies[5] < 0.1);
        Assert.True(sample.WithoutFirst![5] > 1.5);
    }

    [Fact]
    public void Mass_distance_and_rank_are_those_of_simple_patterns()
    {
        using var scope = NewDisposeScope();
        var first = zeros([8, 8], ScalarType.Float64);
        first.narrow(1, 0, 1).fill_(1);
        var self = eye(8, dtype: ScalarType.Float64);
        var samples = HeadSample.Of(stack([first, self, AttentionPatterns.UniformCausal(8)]), SiteChain.Of(8, 8), [4], AttentionState.Pattern, true, default);
        EntanglementOracle.AssertClose([1, 1.0 / 8, Enumerable.Range(1, 8).Average(i => 1.0 / i)], [.. samples.Select(sample => sample.FirstMass)], Listed);
        EntanglementOracle.AssertClose([3.5, 0, 1.75], [.. samples.Select(sample => sample.Distance)], Listed);
        EntanglementOracle.AssertClose([0, 0, 1], [.. samples.Select(sample => sample.Evenness)], Listed);
        EntanglementOracle.AssertClose([0, 1, Enumerable.Range(2, 7).Average(i => 1.0 / i)], [.. samples.Select(sample => sample.NearMass)], Listed);
        Assert.Equal([1, 8, 8], samples.Select(sample => sample.Rank!.Value));
        Assert.Null(samples[0].WithoutFirst);
        Assert.Equal(Math.Log(4), samples[1].PrefixEntropies[0], Listed);
        Assert.Equal(0, samples[0].PrefixEntropies[0], Listed);
    }

    [Fact]
    public void Scores_have_neither_mass_nor_distance()
    {
        using var scope = NewDisposeScope();
        var sample = HeadSample.Of(RandomTensor.Normal(8, 8).tril().to(ScalarType.Float64).unsqueeze(0), SiteChain.Of(8, 8), [], AttentionState.Scores, false, default)[0];
        Assert.True(double.IsNaN(sample.FirstMass));
        Assert.Null(sample.WithoutFirst);
    }
}
