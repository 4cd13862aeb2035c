using Interp.Web.Hosting;

namespace Interp.Web.Tests.Browsing;

public sealed class StartTests
{
    [Fact]
    public async Task A_taken_address_is_told_in_one_line_that_says_what_to_do()
    {
        await using var app = await RunningApp.Start(clockOnly: true);
        var error = await ErrorOf("--urls", app.Address, "--workspace", app.Folder);
        Assert.Contains("another program listens there; choose another with --urls", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_that_cannot_be_made_is_told_in_one_line()
    {
        var error = await ErrorOf("--urls", "http://127.0.0.1:0", "--workspace", typeof(StartTests).Assembly.Location);
        Assert.Contains("cannot be made", error, StringComparison.Ordinal);
    }

    private static async Task<string> ErrorOf(params string[] args)
    {
        var before = Console.Error;
        using var errors = new StringWriter();
        Console.SetError(errors);
        try
        {
            Assert.Equal(1, await WebProgram.Run(args));
        }
        finally
        {
            Console.SetError(before);
        }

        var text = errors.ToString().TrimEnd();
        Assert.StartsWith("interp-web: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text);
        return text;
    }
}
