using Interp.Compute;

namespace Interp.Workbench.Benchmarks;

/// <summary>All benchmarks. Adding one means adding a file and a line here.</summary>
public static class BenchmarkCatalogue
{
    /// <summary>The benchmarks, in the order in which all of them run.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        CirclesBenchmark.Entry,
        ClusteringBenchmark.Entry,
        CosinesBenchmark.Entry,
        LoadBenchmark.Entry,
        ForwardBenchmark.Entry,
        EntanglementBenchmark.Entry,
        NullsBenchmark.Entry,
        SaeBenchmark.Entry,
        CaptureBenchmark.Entry,
    ];

    /// <summary>The benchmark with a name.</summary>
    /// <exception cref="InterpException">There is none; the message lists them.</exception>
    public static Benchmark Find(string name) =>
        All.FirstOrDefault(entry => entry.Name == name)
        ?? throw new InterpException(name == "gpu"
            ? "the GPU is timed by a program of its own: run tests/gpu/verify.sh on a machine with one"
            : $"there is no benchmark {name}: choose one of {string.Join(", ", All.Select(entry => entry.Name))}");
}
