using Interp.Analysis.Atoms.Training;
using TorchSharp;

namespace Interp.Analysis.Tests.Atoms.Training;

public sealed class GridPartTests
{
    private static readonly AtomsOptions s_options = new() { Width = [64, 128], Architecture = [TrainedArchitecture.JumpRelu, TrainedArchitecture.TopK], TargetL0 = [4] };

    [Fact]
    public void Parts_share_the_grid_out_in_turn()
    {
        var grid = LearnerOptions.Grid(s_options, 16, null, 1000);
        var parts = Enumerable.Range(1, 3).Select(part => GridPart.Of(grid, s_options with { Only = $"{part}/3" })).ToArray();
        Assert.Equal([grid[0], grid[3]], parts[0]);
        Assert.Equal(grid.OrderBy(point => point.Name), parts.SelectMany(part => part).OrderBy(point => point.Name));
        Assert.Equal(grid, GridPart.Of(grid, s_options));
    }

    /// <summary>
    /// 64 and 128 latents of 16 numbers in and out: float32 weights and second moments, and the first of those with momentum; beside them
    /// the gradients and codes of the greatest step, at batch 512.
    /// </summary>
    [Fact]
    public void Memory_is_that_of_weights_moments_and_the_greatest_step()
    {
        const long Kept = (64 + 128) * 32 * 4 * (2 + 3);
        var grid = LearnerOptions.Grid(s_options, 16, null, 1000);
        Assert.Equal(Kept + (128 * 32 * 4) + (3 * 512 * 128 * 4), GridPart.Memory(grid, DeviceType.CPU, 100).Bytes);

        // Thresholds on the CPU go through what is active only; measuring forms three times as many numbers as there are codes.
        Assert.Equal((64 * 32 * 4 * 2) + (3 * 50 * 64 * 4), GridPart.Memory([grid[0]], DeviceType.CPU, 100).Bytes);
        Assert.Equal((64 * 32 * 4 * 2) + (3 * 4096 * 64 * 4), GridPart.Memory([grid[0]], DeviceType.CPU, 100_000).Bytes);
        Assert.Equal((64 * 32 * 4 * 3) + (3 * 512 * 64 * 4), GridPart.Memory([grid[0]], DeviceType.CUDA, 100).Bytes);
    }
}
