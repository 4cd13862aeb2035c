namespace Interp.Cli.Tests;

/// <summary>What users get wrong, tried on the real program: one clear line, the documented status, nothing half written.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_missing_file_is_named()
    {
        var finished = await Forward(Fixtures.Tiny("gpt2"), _folder["nowhere.safetensors"]);
        AssertFailed(finished, "nowhere.safetensors: there is no such file");
    }

    [Fact]
    public async Task A_missing_model_is_named_beside_those_that_there_are()
    {
        var finished = await Forward("clock-95", _folder["ids"]);
        AssertFailed(finished, "there is no model clock-95: name a folder or one of calendar, clock-59");
    }

    [Fact]
    public async Task A_truncated_checkpoint_is_refused()
    {
        var model = Fixtures.Copy(Fixtures.Tiny("gpt2"), _folder["gpt2"]);
        Fixtures.Truncate(Path.Combine(model, "model.safetensors"));
        AssertFailed(await Forward(model, Fixtures.WriteIds(_folder["ids"], 1, 4)), "model.safetensors");
    }

    [Fact]
    public async Task An_unknown_model_type_is_named_beside_those_that_are_supported()
    {
        var model = Fixtures.Copy(Fixtures.Tiny("gpt2"), _folder["gpt2"]);
        File.WriteAllText(Path.Combine(model, "config.json"), """{"model_type":"mystery"}""");
        AssertFailed(await Forward(model, Fixtures.WriteIds(_folder["ids"], 1, 4)), "mystery is not supported: supported are gpt2");
    }

    [Fact]
    public async Task An_input_over_the_context_length_is_refused()
    {
        var finished = await Forward(Fixtures.Clock59, Fixtures.WriteIds(_folder["ids"], 1, 4));
        AssertFailed(finished, "the input has 4 tokens but clock-59 takes at most 3");
    }

    private Task<InterpProcess.Finished> Forward(string model, string ids) =>
        InterpProcess.Run(_folder["workspace"], "forward", model, "--ids", ids, "--out", _folder["out.safetensors"]);

    private void AssertFailed(InterpProcess.Finished finished, string part)
    {
        Assert.Equal(1, finished.Status);
        Assert.StartsWith("interp: ", finished.ErrorLine, StringComparison.Ordinal);
        Assert.Contains(part, finished.ErrorLine, StringComparison.Ordinal);
        Assert.Empty(finished.Output);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "out*"));
    }
}
