using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;
using Interp.Gpu.Checks;
using Interp.Gpu.Checks.Speeds;

namespace Interp.Compute.Tests.Cuda;

/// <summary>The works that are timed on a GPU, run without one at small sizes: that they launch what they say and count what they count, not how long they take.</summary>
public sealed class SpeedsTests : IDisposable
{
    private readonly CpuLane _lane = new();

    public void Dispose() => _lane.Dispose();

    [Fact]
    public void Every_kernel_that_is_timed_launches()
    {
        var table = new CheckTable("none", null);
        KernelSpeeds.Run(Bench(table), 1, 3, 40);
        SparseSpeeds.Run(Bench(table), 1, 3, 40, 50, 2);
        PairSpeeds.Run(Bench(table), 1, 8, 5, 3, 10, 2);
        foreach (var work in (string[])["Adam on unit rows", "sparse gradients", "rotated histograms", "counting a tile"])
        {
            Assert.Contains(work, Written(table), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Both_training_steps_launch()
    {
        var table = new CheckTable("none", null);
        StepSpeed.Run<Float32>(Bench(table), (6, 8, 10), "moments in float32", 1.5);
        StepSpeed.Run<Bfloat16>(Bench(table), (6, 8, 10), "moments in bfloat16", double.NaN);
        Assert.Contains("moments in bfloat16", Written(table), StringComparison.Ordinal);
    }

    [Fact]
    public void The_histogram_counts_every_pair_of_all_tiles_once()
    {
        var table = new CheckTable("none", null);
        CosineSpeed.Run(Bench(table), 1, 24, 4, 8);
        Assert.Contains("every pair counted once", Written(table), StringComparison.Ordinal);
    }

    [Fact]
    public void Kernels_over_tensors_agree_with_their_definitions()
    {
        var table = new CheckTable("none", null);
        TorchCases.Run(table, TorchSharp.torch.CPU);
        Assert.True(table.IsGood, Written(table));
    }

    [Fact]
    public void Parts_and_seconds_are_read_and_others_refused()
    {
        var settings = CheckSettings.Parse(["--parts", "step,Cosines", "--seconds", "12.5", "--torch"])!;
        Assert.Equal([CheckPart.Step, CheckPart.Cosines], settings.Parts);
        Assert.Equal((12.5, true), (settings.Seconds, settings.WithTorch));
        Assert.Null(CheckSettings.Parse(["--parts", "fast"]));
        Assert.Null(CheckSettings.Parse(["--parts", "1"]));
        Assert.Null(CheckSettings.Parse(["--seconds", "-1"]));
        Assert.Null(CheckSettings.Parse(["--seconds"]));
    }

    private static string Written(CheckTable table)
    {
        using var writer = new StringWriter();
        table.Write(writer);
        return writer.ToString();
    }

    // Products are left zero: what follows them is what is launched here.
    private SpeedBench Bench(CheckTable table) => new(
        _lane,
        (work, _) =>
        {
            work();
            return 1;
        },
        (_, _, _, _, _, _, _) => { },
        table);
}
