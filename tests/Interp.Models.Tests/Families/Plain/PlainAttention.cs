namespace Interp.Models.Tests.Families.Plain;

/// <summary>Attention of one layer by its definition: for each query and head a softmax over the keys it sees.</summary>
internal sealed record PlainAttention(int Heads, int KeyHeads, int HeadWidth)
{
    public required double Scale { get; init; }

    public int? Window { get; init; }

    public double? Softcap { get; init; }

    public bool HasSlopes { get; init; }

    /// <summary>Queries [p][H·h], keys and values [p][K·h] to mixed values [p][H·h].</summary>
    public double[][] Apply(double[][] queries, double[][] keys, double[][] values)
    {
        var mixed = new double[queries.Length][];
        for (var q = 0; q < queries.Length; q++)
        {
            mixed[q] = new double[Heads * HeadWidth];
            for (var head = 0; head < Heads; head++)
            {
                var keyHead = head / (Heads / KeyHeads);
                var seen = Enumerable.Range(0, q + 1).Where(k => Window is null || k > q - Window).ToList();
                var scores = seen.Select(k => Score(queries[q], keys[k], head, keyHead, q - k)).ToList();
                var largest = scores.Max();
                var weights = scores.Select(score => Math.Exp(score - largest)).ToList();
                var total = weights.Sum();
                for (var i = 0; i < HeadWidth; i++)
                {
                    mixed[q][(head * HeadWidth) + i] = seen.Select((k, at) => weights[at] / total * values[k][(keyHead * HeadWidth) + i]).Sum();
                }
            }
        }

        return mixed;
    }

    private double Score(double[] query, double[] key, int head, int keyHead, int distance)
    {
        var dot = 0.0;
        for (var i = 0; i < HeadWidth; i++)
        {
            dot += query[(head * HeadWidth) + i] * key[(keyHead * HeadWidth) + i];
        }

        var score = dot * Scale;
        score = Softcap is { } cap ? cap * Math.Tanh(score / cap) : score;
        return HasSlopes ? score - (Slope(head) * distance) : score;
    }

    // 2^(−8i/n) for the first n heads, n the largest power of two; then every second of the next power's.
    private double Slope(int head)
    {
        var n = 1 << (int)Math.Floor(Math.Log2(Heads));
        return head < n ? Math.Pow(2, -8.0 * (head + 1) / n) : Math.Pow(2, -8.0 * ((2 * (head - n)) + 1) / (2 * n));
    }
}
