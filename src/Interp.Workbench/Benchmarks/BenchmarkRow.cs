namespace Interp.Workbench.Benchmarks;

/// <summary>One figure of a benchmark: a cost over the cost of reference work that was timed in the same process.</summary>
/// <param name="Name">The stable name, as in "forward.bare".</param>
/// <param name="Value">The measured cost itself, in <paramref name="Unit"/>; for information, as it depends on the machine.</param>
/// <param name="Unit">The unit of <paramref name="Value"/>: "ms", "s", "MB".</param>
/// <param name="Ratio">The cost over the reference's cost, medians of interleaved repeats; null where there is no reference.</param>
/// <param name="Limit">The ratio that must not be passed; null for a row that is only for information.</param>
/// <param name="Detail">One clause: what was compared with what, at which sizes.</param>
public sealed record BenchmarkRow(string Name, double Value, string Unit, double? Ratio, double? Limit, string Detail)
{
    /// <summary>Whether the ratio is within its limit; true for a row without one.</summary>
    public bool Holds => Limit is not { } limit || Ratio <= limit;
}
