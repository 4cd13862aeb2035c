using System.Text.Json;

namespace Interp.Cli.Tests;

public sealed class ProgramTests
{
    [Fact]
    public async Task Models_prints_the_shipped_model_as_json_and_nothing_else()
    {
        using var workspace = new TemporaryFolder();
        var finished = await InterpProcess.Run(workspace.Path, "models", "--json");
        Assert.Equal(0, finished.Status);
        Assert.Empty(finished.Error);
        var model = JsonDocument.Parse(finished.Output).RootElement.EnumerateArray().Single(model => model.GetProperty("name").GetString() == "clock-59");
        Assert.Equal("hooked_transformer", model.GetProperty("family").GetString());
        Assert.Equal("modular-addition", model.GetProperty("task").GetString());
        Assert.True(model.GetProperty("isShipped").GetBoolean());
    }

    [Fact]
    public async Task An_unknown_verb_ends_with_status_2_and_names_near_verbs()
    {
        using var workspace = new TemporaryFolder();
        var finished = await InterpProcess.Run(workspace.Path, "modells");
        Assert.Equal(2, finished.Status);
        Assert.Equal("interp: there is no verb 'interp modells': near ones are models", finished.ErrorLine.Split(';')[0].Split(", ")[0]);
        Assert.Empty(finished.Output);
    }
}
