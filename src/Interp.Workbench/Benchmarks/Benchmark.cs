using Interp.Compute;

namespace Interp.Workbench.Benchmarks;

/// <summary>One line of the benchmark catalogue.</summary>
/// <param name="Name">The stable name, as <c>interp bench NAME</c> takes it.</param>
/// <param name="Summary">One sentence: what is timed.</param>
/// <param name="Run">Measures; deterministic inputs, progress by row, stops between repeats.</param>
public sealed record Benchmark(
    string Name, string Summary, Func<IProgress<StepProgress>?, CancellationToken, IReadOnlyList<BenchmarkRow>> Run);
