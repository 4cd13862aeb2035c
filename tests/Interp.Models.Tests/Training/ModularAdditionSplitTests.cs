using Interp.Compute;
using Interp.Models.Training;

namespace Interp.Models.Tests.Training;

public sealed class ModularAdditionSplitTests
{
    [Theory]
    [InlineData(31, 0.6, 576)]
    [InlineData(59, 0.5, 1740)]
    [InlineData(59, 0.4, 1392)]
    [InlineData(97, 0.5, 4704)]
    public void The_number_of_training_pairs_is_the_documented_one(int modulus, double fraction, int count)
    {
        var split = ModularAdditionSplit.Create(modulus, fraction, seed: 1);
        Assert.Equal(count, split.Train.Count);
        Assert.Equal(Enumerable.Range(0, modulus * modulus), split.Train.Concat(split.Test).Order());
    }

    [Fact]
    public void The_order_is_the_reference_shuffle()
    {
        // Written out apart from the project's generator: SplitMix64 from state 7919·seed + 13, Fisher–Yates from the end.
        const int count = 31 * 31;
        var state = (7919UL * 3) + 13;
        double Uniform()
        {
            unchecked
            {
                state += 0x9E3779B97F4A7C15;
                var z = state;
                z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
                z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
                z ^= z >> 31;
                return (z >> 11) / 9007199254740992.0;
            }
        }

        var pairs = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i >= 1; i--)
        {
            var j = (int)Math.Floor(Uniform() * (i + 1));
            (pairs[i], pairs[j]) = (pairs[j], pairs[i]);
        }

        var split = ModularAdditionSplit.Create(31, 0.6, seed: 3);
        Assert.Equal(pairs, split.Train.Concat(split.Test));
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(31, 0)]
    [InlineData(31, 1)]
    [InlineData(0, 0.5)]
    public void A_split_without_training_or_test_pairs_is_refused(int modulus, double fraction) =>
        Assert.Throws<InterpException>(() => ModularAdditionSplit.Create(modulus, fraction, seed: 1));
}
