namespace Interp.Gpu.Checks.Speeds;

/// <summary>A time beside another's.</summary>
/// <param name="Name">The work.</param>
/// <param name="Milliseconds">The median of its repeats.</param>
/// <param name="Rate">What that is in bytes or operations a second.</param>
/// <param name="Against">What the ratio is over.</param>
/// <param name="Ratio">The time over the other's; NaN where there is none.</param>
/// <param name="Limit">The largest ratio that holds; NaN for information only.</param>
internal sealed record SpeedRow(string Name, double Milliseconds, string Rate, string Against, double Ratio, double Limit)
{
    /// <summary>Whether the ratio is within the limit, where there are both.</summary>
    public bool Holds => double.IsNaN(Limit) || Ratio <= Limit;
}
