using Interp.Compute.Statistics;

namespace Interp.Compute.Tests.Statistics;

public sealed class SplitMix64Tests
{
    /// <summary>Means of 100,000 draws: five standard errors.</summary>
    private const double FiveErrors = 5 / 316.0;

    [Fact]
    public void The_first_outputs_are_those_of_the_published_generator()
    {
        // Seed 1234567: the first outputs of Vigna's splitmix64.c, as listed by its many ports.
        var random = new SplitMix64(1234567);
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.Equal(expected, Enumerable.Range(0, 5).Select(_ => random.NextUInt64()));
    }

    [Fact]
    public void The_saved_state_resumes_exactly()
    {
        var random = new SplitMix64(5);
        random.NextUInt64();
        var resumed = new SplitMix64(random.State);
        Assert.Equal(random.NextUInt64(), resumed.NextUInt64());
    }

    [Fact]
    public void Streams_differ_by_purpose_and_seed_and_stay_the_same()
    {
        ulong First(long seed, string purpose) => SplitMix64.ForStream(seed, purpose).NextUInt64();
        Assert.Equal(First(1, "shuffling"), First(1, "shuffling"));
        Assert.NotEqual(First(1, "shuffling"), First(1, "sampling"));
        Assert.NotEqual(First(1, "shuffling"), First(2, "shuffling"));
        Assert.NotEqual(First(-1, "shuffling"), First(1, "shuffling"));
    }

    [Fact]
    public void Neighbouring_seeds_give_unrelated_streams()
    {
        var a = SplitMix64.ForStream(1, "x");
        var b = SplitMix64.ForStream(2, "x");
        var correlation = Enumerable.Range(0, 100_000).Average(_ => (a.NextDouble() - 0.5) * (b.NextDouble() - 0.5)) * 12;
        Assert.True(Math.Abs(correlation) < FiveErrors);
    }

    [Fact]
    public void Uniform_numbers_fill_the_unit_interval_evenly()
    {
        var random = new SplitMix64(9);
        var draws = Enumerable.Range(0, 100_000).Select(_ => random.NextDouble()).ToArray();
        Assert.All(draws, value => Assert.InRange(value, 0, 1 - 1e-16));
        Assert.Equal(0.5, draws.Average(), FiveErrors);
        Assert.Equal(1 / 12.0, draws.Average(v => (v - 0.5) * (v - 0.5)), FiveErrors);
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        var random = new SplitMix64(10);
        var draws = Enumerable.Range(0, 100_000).Select(_ => random.NextNormal()).ToArray();
        Assert.Equal(0, draws.Average(), FiveErrors);
        Assert.Equal(1, draws.Average(v => v * v), 2 * FiveErrors);
        Assert.Equal(3, draws.Average(v => v * v * v * v), 20 * FiveErrors);
        Assert.All(draws, v => Assert.True(double.IsFinite(v)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Whole_numbers_reach_every_value_below_the_limit(int limit)
    {
        var random = new SplitMix64(11);
        var seen = Enumerable.Range(0, 1000).Select(_ => random.NextInt(limit)).Distinct().Order();
        Assert.Equal(Enumerable.Range(0, limit), seen);
    }

    [Fact]
    public void A_limit_must_be_positive() => Assert.Throws<ArgumentOutOfRangeException>(() => new SplitMix64(0).NextInt(0));

    [Fact]
    public void A_permutation_holds_every_number_once_and_all_orders_are_as_likely()
    {
        var random = new SplitMix64(12);
        var counts = Enumerable.Range(0, 6000).Select(_ => string.Join("", random.Permutation(3))).CountBy(order => order).ToDictionary();
        Assert.Equal(6, counts.Count);

        // 1000 expected of each; five standard deviations of a binomial.
        Assert.All(counts.Values, count => Assert.InRange(count, 1000 - 145, 1000 + 145));
        Assert.Empty(random.Permutation(0));
    }
}
