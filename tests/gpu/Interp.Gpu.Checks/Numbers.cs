using Interp.Compute.Statistics;

namespace Interp.Gpu.Checks;

/// <summary>Seeded inputs, and conversions.</summary>
internal sealed class Numbers(string purpose)
{
    private const long Seed = 8;

    private readonly SplitMix64 _random = SplitMix64.ForStream(Seed, purpose);

    /// <summary>Normal numbers.</summary>
    public float[] Normal(long count, double scale = 1, double shift = 0)
    {
        var values = new float[count];
        for (var i = 0L; i < count; i++)
        {
            values[i] = (float)((_random.NextNormal() * scale) + shift);
        }

        return values;
    }

    /// <summary>Doubles of the same kind.</summary>
    public double[] NormalDoubles(long count)
    {
        var values = new double[count];
        for (var i = 0L; i < count; i++)
        {
            values[i] = _random.NextNormal();
        }

        return values;
    }

    /// <summary>Whole numbers from 0 up to a limit.</summary>
    public int Below(int limit) => (int)(_random.NextUInt64() % (ulong)limit);

    /// <summary>Widens floats.</summary>
    public static double[] Wide(float[] values) => Array.ConvertAll(values, value => (double)value);

    /// <summary>Widens integers.</summary>
    public static double[] Wide(int[] values) => Array.ConvertAll(values, value => (double)value);

    /// <summary>Joins.</summary>
    public static double[] Join(params double[][] parts) => [.. parts.SelectMany(part => part)];
}
