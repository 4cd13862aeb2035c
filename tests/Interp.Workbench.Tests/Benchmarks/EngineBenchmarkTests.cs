using Interp.Workbench.Benchmarks;

namespace Interp.Workbench.Tests.Benchmarks;

public sealed class EngineBenchmarkTests
{
    [Fact]
    public void The_forward_pass_of_a_small_model_gives_its_rows()
    {
        var config = Gpt2Shape.Of(layers: 2, width: 32, heads: 2, vocabulary: 50, context: 16);
        var rows = ForwardBenchmark.Run(config, 8, rounds: 1, null, TestContext.Current.CancellationToken);
        Assert.Equal(["forward.bare", "forward.capture-all", "forward.one-hook"], rows.Select(row => row.Name));
        Assert.All(rows, row => Assert.True(row.Ratio > 0 && row.Limit > 1));
        Assert.All(CaptureBenchmark.Run(config, 8, rounds: 1, null, TestContext.Current.CancellationToken), row => Assert.True(row.Ratio > 0 && row.Holds));
    }

    [Fact]
    public void Loading_a_small_checkpoint_gives_its_rows_and_leaves_no_folder()
    {
        var before = Directory.GetDirectories(Path.GetTempPath(), "interp-bench-load-*");
        var config = Gpt2Shape.Of(layers: 2, width: 32, heads: 2, vocabulary: 50, context: 16) with { MlpWidth = 96 };
        var rows = LoadBenchmark.Run(config, rounds: 1, null, TestContext.Current.CancellationToken);
        Assert.Equal(["load.time", "load.time.sharded", "load.memory", "load.memory.sharded", "load.memory.bfloat16", "load.memory.forward"], rows.Select(row => row.Name));
        Assert.All(rows.Take(2), row => Assert.True(row.Ratio > 0));
        Assert.Equal(before, Directory.GetDirectories(Path.GetTempPath(), "interp-bench-load-*"));
    }
}
