namespace Interp.Cli.Tests.Verbs;

public sealed class TrainVerbTests
{
    [Fact]
    public async Task Ctrl_C_half_way_ends_with_status_130_and_leaves_no_half_model()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        using var folder = new TemporaryFolder();
        var model = folder["clock"];
        using var process = InterpProcess.Start(folder["workspace"], "train", "clock-59", "--out", model);

        // The first line of progress shows that it trains by now.
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("steps", StringComparison.Ordinal))
        {
        }

        InterpProcess.Interrupt(process);
        var finished = await InterpProcess.Finish(process);
        Assert.Equal(130, finished.Status);
        Assert.EndsWith("interp: cancelled: what was finished is kept, nothing half written is left\n", finished.Error, StringComparison.Ordinal);
        Assert.Empty(finished.Output);
        Assert.False(Directory.Exists(model));
    }

    [Fact]
    public void An_unknown_recipe_fails_and_names_those_that_there_are()
    {
        using var folder = new TemporaryFolder();
        var finished = InProcess.Run("train", "clock-60", "--out", folder["clock"]);
        Assert.Equal(1, finished.Status);
        Assert.Equal("interp: there is no recipe clock-60: choose one of clock-59, clock-31, calendar", finished.ErrorLine);
    }

    [Theory]
    [InlineData("interp train: RECIPE is missing", "--out", "x")]
    [InlineData("interp train: option '--out' is required", "clock-31")]
    [InlineData("interp train: --seed does not take 'many'", "clock-31", "--out", "x", "--seed", "many")]
    public void Missing_words_are_wrong_usage(string start, params string[] args)
    {
        var finished = InProcess.Run(["train", .. args]);
        Assert.Equal(2, finished.Status);
        Assert.StartsWith($"interp: {start}", finished.ErrorLine, StringComparison.Ordinal);
    }
}
