using Interp.Compute;
using Interp.Compute.Statistics;

namespace Interp.Models.Generation;

/// <summary>Chooses the next token from logits: the likeliest, or one drawn after temperature, top-k and top-p, in this order.</summary>
internal sealed class TokenSampler
{
    private readonly GenerationOptions _options;
    private readonly SplitMix64 _random;

    public TokenSampler(GenerationOptions options)
    {
        _options = options;
        _random = SplitMix64.ForStream(options.Seed, "generation");
    }

    /// <summary>The next token and the natural logarithm of its probability before any change.</summary>
    public (int Id, double LogProbability) Next(ReadOnlySpan<float> logits)
    {
        var likeliest = Likeliest(logits);
        var id = _options.Temperature == 0 ? likeliest : Draw(logits, logits[likeliest]);
        var total = 0.0;
        foreach (var logit in logits)
        {
            total += Math.Exp((double)logit - logits[likeliest]);
        }

        return (id, (double)logits[id] - logits[likeliest] - Math.Log(total));
    }

    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var id = 0; id < logits.Length; id++)
        {
            if (float.IsNaN(logits[id]) || float.IsPositiveInfinity(logits[id]))
            {
                throw new InterpException($"the logit of token {id} is {logits[id]}: the model's numbers overflowed, run it in float32");
            }

            best = logits[id] > logits[best] ? id : best;
        }

        return best;
    }

    private int Draw(ReadOnlySpan<float> logits, float highest)
    {
        var (ids, weights) = (new int[logits.Length], new double[logits.Length]);
        for (var id = 0; id < ids.Length; id++)
        {
            ids[id] = id;
            weights[id] = Math.Exp(((double)logits[id] - highest) / _options.Temperature);
        }

        var count = Keep(ids, weights);
        var point = _random.NextDouble() * Sum(weights.AsSpan(0, count));
        for (var i = 0; i < count; i++)
        {
            point -= weights[i];
            if (point < 0)
            {
                return ids[i];
            }
        }

        return ids[Array.FindLastIndex(weights, count - 1, weight => weight > 0)];
    }

    // Sorts the likeliest to the front where few are kept, lower ids first among equals, and says how many are.
    private int Keep(int[] ids, double[] weights)
    {
        var count = ids.Length;
        if (_options.TopK == 0 && _options.TopP >= 1)
        {
            return count;
        }

        var order = (int[])ids.Clone();
        Array.Sort(order, (a, b) => weights[b] != weights[a] ? weights[b].CompareTo(weights[a]) : a.CompareTo(b));
        var sorted = Array.ConvertAll(order, id => weights[id]);
        order.CopyTo(ids, 0);
        sorted.CopyTo(weights, 0);
        count = _options.TopK > 0 ? Math.Min(_options.TopK, count) : count;
        var wanted = _options.TopP * Sum(weights.AsSpan(0, count));
        var (kept, sum) = (0, 0.0);
        do
        {
            sum += weights[kept++];
        }
        while (kept < count && sum < wanted);

        return kept;
    }

    private static double Sum(ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
        {
            sum += weight;
        }

        return sum;
    }
}
