namespace Interp.Cli.Tests.Frame;

public sealed class UsageTests
{
    [Theory]
    [InlineData("interp needs a verb")]
    [InlineData("there is no verb 'interp modles': near ones are models", "modles")]
    [InlineData("interp models has no option --jsn: near ones are --json", "models", "--jsn")]
    [InlineData("interp models does not take 'too'", "models", "too")]
    [InlineData("interp has no option --nothing", "--nothing")]
    public void Wrong_usage_is_one_line_and_status_2(string start, params string[] args)
    {
        var finished = InProcess.Run(args);
        Assert.Equal(2, finished.Status);
        Assert.StartsWith("interp: " + start, finished.ErrorLine, StringComparison.Ordinal);
        Assert.Contains("--help", finished.ErrorLine, StringComparison.Ordinal);
        Assert.Empty(finished.Output);
    }

    [Fact]
    public void Help_lists_the_verbs_and_is_no_error()
    {
        var finished = InProcess.Run("--help");
        Assert.Equal(0, finished.Status);
        Assert.Contains("models", finished.Output, StringComparison.Ordinal);
        Assert.Empty(finished.Error);
    }
}
