using Interp.Analysis.Atoms.Training;

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

    /// <summary>64 and 128 latents of 16 numbers in and out: float32 weights and second moments, and the first of those with momentum.</summary>
    [Fact]
    public void Memory_is_that_of_weights_and_moments() =>
        Assert.Equal((64 + 128) * 32 * 4 * (2 + 3), GridPart.Memory(LearnerOptions.Grid(s_options, 16, null, 1000)).Bytes);
}
