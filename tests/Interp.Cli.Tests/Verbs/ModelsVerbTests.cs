using System.Text.Json;

namespace Interp.Cli.Tests.Verbs;

public sealed class ModelsVerbTests
{
    [Fact]
    public void A_model_of_the_workspace_is_listed_with_what_its_headers_say()
    {
        using var folder = new TemporaryFolder();
        var copy = Fixtures.Copy(Fixtures.Clock59, folder["models", "mine"]);
        var listed = Mine(folder);
        Assert.Equal(56_960, listed.GetProperty("parameters").GetInt64());
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("problem").ValueKind);
        Assert.False(listed.GetProperty("isShipped").GetBoolean());

        Fixtures.Truncate(Path.Combine(copy, "model.safetensors"));
        Assert.Contains("model.safetensors", Mine(folder).GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    private static JsonElement Mine(TemporaryFolder workspace)
    {
        var finished = InProcess.Run("models", "--json", "--workspace", workspace.Path);
        Assert.Equal((0, ""), (finished.Status, finished.Error));
        return JsonDocument.Parse(finished.Output).RootElement.EnumerateArray().Single(model => model.GetProperty("name").GetString() == "mine");
    }
}
