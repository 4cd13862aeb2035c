namespace Interp.Gpu.Checks.Cases;

/// <summary>
/// The histogram that plain loops give, cell by cell, and how many values lie so near a cell's edge that rounding decides where they fall.
/// </summary>
/// <param name="bins">Equal bins on [−1, 1].</param>
/// <param name="rounding">How near an edge a value is doubtful.</param>
/// <param name="threshold">Values above it are counted, and those above it in magnitude.</param>
internal sealed class ExpectedCells(int bins, double rounding, double threshold)
{
    private readonly double[] _doubtful = new double[bins];
    private readonly double[] _doubtfulTotals = new double[2];

    /// <summary>The count of each bin.</summary>
    public double[] Counts { get; } = new double[bins];

    /// <summary>Values above the threshold, and above it in magnitude.</summary>
    public double[] Totals { get; } = new double[2];

    /// <summary>Counts a value.</summary>
    public void Add(double value)
    {
        var place = (value + 1) * (bins / 2);
        var bin = Math.Clamp((int)Math.Floor(place), 0, bins - 1);
        Counts[bin]++;
        var edge = (int)Math.Round(place);
        if (Math.Abs(place - edge) < rounding * (bins / 2) && edge > 0 && edge < bins)
        {
            _doubtful[edge - 1]++;
            _doubtful[edge]++;
        }

        Totals[0] += value > threshold ? 1 : 0;
        Totals[1] += Math.Abs(value) > threshold ? 1 : 0;
        _doubtfulTotals[0] += Math.Abs(value - threshold) < rounding ? 1 : 0;
        _doubtfulTotals[1] += Math.Abs(Math.Abs(value) - threshold) < rounding ? 1 : 0;
    }

    /// <summary>The counts as made; as expected where they differ by doubtful values only.</summary>
    public double[] Settle(int[] made) => Settled(Numbers.Wide(made), Counts, _doubtful);

    /// <inheritdoc cref="Settle(int[])"/>
    public double[] Settle(long[] made) => Settled(Array.ConvertAll(made, count => (double)count), Counts, _doubtful);

    /// <summary>As <see cref="Settle(int[])"/> for the totals; every value is in one cell, whatever is doubtful.</summary>
    public double[] SettleTotals(long above, long magnitudeAbove) => Settled([above, magnitudeAbove], Totals, _doubtfulTotals);

    private static double[] Settled(double[] made, double[] expected, double[] doubtful) =>
        [.. made.Select((count, i) => i < expected.Length && Math.Abs(count - expected[i]) <= doubtful[i] ? expected[i] : count)];
}
