using Interp.Compute;
using Interp.Models.Generation;

namespace Interp.Models.Tests.Generation;

/// <summary>How the next token is chosen.</summary>
public sealed class TokenSamplerTests
{
    private const int Draws = 40_000;

    /// <summary>Five standard deviations of a share measured on that many draws, at its largest.</summary>
    private const double Tolerance = 5 * 0.5 / 200;

    private static readonly float[] s_logits = [1f, 3f, -1f, 3f, 2f, float.NegativeInfinity];

    [Fact]
    public void Without_temperature_the_likeliest_token_with_the_lowest_id_is_taken()
    {
        var (id, logProbability) = new TokenSampler(new GenerationOptions()).Next(s_logits);
        Assert.Equal(1, id);
        Assert.Equal(Math.Log(Shares(1, [0, 1, 2, 3, 4])[1]), logProbability, 12);
    }

    [Theory]
    [InlineData(1.0, 0, 1.0, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(0.5, 0, 1.0, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(2.0, 3, 1.0, new[] { 1, 3, 4 })]
    [InlineData(1.0, 1, 1.0, new[] { 1 })]
    [InlineData(1.0, 0, 0.0, new[] { 1 })]
    [InlineData(1.0, 0, 0.5, new[] { 1, 3 })]
    [InlineData(1.0, 0, 0.9, new[] { 1, 3, 4 })]
    [InlineData(1.0, 2, 0.6, new[] { 1, 3 })]
    [InlineData(1.0, 99, 1.0, new[] { 0, 1, 2, 3, 4 })]
    public void Shares_of_the_draws_are_the_probabilities_of_the_tokens_kept(double temperature, int topK, double topP, int[] kept)
    {
        var sampler = new TokenSampler(new GenerationOptions { Temperature = temperature, TopK = topK, TopP = topP, Seed = 3 });
        var counts = new int[s_logits.Length];
        for (var i = 0; i < Draws; i++)
        {
            counts[sampler.Next(s_logits).Id]++;
        }

        var expected = Shares(temperature, kept);
        for (var id = 0; id < counts.Length; id++)
        {
            Assert.InRange((double)counts[id] / Draws, expected[id] - Tolerance, expected[id] + Tolerance);
            Assert.True(expected[id] > 0 || counts[id] == 0);
        }
    }

    [Fact]
    public void A_seed_gives_the_same_draws_and_another_seed_others()
    {
        int[] Draw(long seed)
        {
            var sampler = new TokenSampler(new GenerationOptions { Temperature = 1, Seed = seed });
            return [.. Enumerable.Range(0, 50).Select(_ => sampler.Next(s_logits).Id)];
        }

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Logits_that_overflowed_are_an_error(float logit)
    {
        var failure = Assert.Throws<InterpException>(() => new TokenSampler(new GenerationOptions()).Next([0f, logit]));
        Assert.Contains("token 1", failure.Message, StringComparison.Ordinal);
    }

    private static double[] Shares(double temperature, int[] kept)
    {
        var weights = s_logits.Select((logit, id) => kept.Contains(id) ? Math.Exp(logit / temperature) : 0).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
