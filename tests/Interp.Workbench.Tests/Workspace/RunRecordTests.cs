using System.Text.Json;
using Interp.Compute;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Tests.Workspace;

public sealed class RunRecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"id\":\"x\"}")]
    [InlineData("{\"id\":\"x\",\"analysis\":3,\"title\":\"t\"}")]
    public void A_damaged_manifest_leaves_the_rest_readable(string text)
    {
        _folder.Write("r1/run.json", text);
        _folder.Write("r1/result.json", "{\"score\":1}");
        _folder.Write("r1/figures.json", "[]");
        _folder.Write("r1/log.txt", "line");

        var run = RunRecord.Open(_folder["r1"]);

        Assert.Equal(("r1", "unknown"), (run.Manifest.Id, run.Manifest.Analysis));
        Assert.Equal(1, run.Result.GetProperty("score").GetInt32());
        Assert.StartsWith("run.json cannot be read", Assert.Single(run.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Nulls_in_a_manifest_become_defaults()
    {
        _folder.Write("r1/run.json", """{"id":"other","analysis":null,"title":null,"sources":null,"options":null,"elapsedSeconds":null}""");
        var manifest = RunRecord.Open(_folder["r1"]).Manifest;
        Assert.Equal(("r1", "unknown", "r1"), (manifest.Id, manifest.Analysis, manifest.Title));
        Assert.Empty(manifest.Options);
        Assert.Null(manifest.Sources.Model);
    }

    [Fact]
    public void Missing_parts_read_as_empty_and_are_named()
    {
        _folder.Write("r1/run.json", """{"id":"r1","analysis":"probe","title":"Probe"}""");

        var run = RunRecord.Open(_folder["r1"]);

        Assert.Equal(JsonValueKind.Null, run.Result.ValueKind);
        Assert.Empty(run.Figures);
        Assert.Equal("", run.Log);
        Assert.Equal((null, null, null), (run.DataFolder, run.TensorsPath, run.ReportPath));
        Assert.Equal(["result.json is missing", "figures.json is missing", "log.txt is missing"], run.Problems);
    }

    [Fact]
    public void Damaged_figures_are_left_out()
    {
        _folder.Write("r1/run.json", """{"id":"r1","analysis":"probe","title":"Probe"}""");
        _folder.Write("r1/result.json", "{}");
        _folder.Write("r1/log.txt", "");
        _folder.Write("r1/figures.json", "[{\"name\":1}]");
        Assert.StartsWith("figures.json cannot be read", Assert.Single(RunRecord.Open(_folder["r1"]).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_one_clear_line() =>
        Assert.Contains("there is no run folder", Assert.Throws<InterpException>(() => RunRecord.Open(_folder["none"])).Message, StringComparison.Ordinal);
}
