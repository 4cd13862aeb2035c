using Interp.Compute;
using Interp.Workbench.Workspace;
using InterpWorkspace = Interp.Workbench.Workspace.Workspace;

namespace Interp.Workbench.Tests.Workspace;

public sealed class WorkspaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public WorkspaceTests() => Directory.CreateDirectory(_folder["shipped"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_are_listed_newest_first_and_follow_the_folders()
    {
        using var workspace = Open();
        Assert.Empty(workspace.Runs());
        var first = Finish(workspace, "one");
        var second = Finish(workspace, "two");

        Assert.Equal([second, first], workspace.Runs().Select(run => run.Id));
        Assert.Equal(("probe", "two", "m", null), workspace.Runs().Select(run => (run.Analysis, run.Title, run.Model, run.Problem)).First());

        workspace.DeleteRun(first);
        Assert.Equal([second], workspace.Runs().Select(run => run.Id));
        Directory.Delete(_folder["w", "runs", second], recursive: true);
        Assert.Empty(workspace.Runs());
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("garbage")]
    [InlineData("other schema")]
    [InlineData("truncated")]
    public void A_catalogue_that_is_gone_or_damaged_is_made_again(string damage)
    {
        using var workspace = Open();
        var id = Finish(workspace, "one");
        Assert.Single(workspace.Runs());
        Damage(_folder["w", "catalogue.db"], damage);

        Assert.Equal([id], Open().Runs().Select(run => run.Id));
        Assert.Equal([id], workspace.Runs().Select(run => run.Id));
    }

    [Fact]
    public void A_catalogue_that_cannot_be_written_is_done_without()
    {
        using var workspace = Open();
        Directory.CreateDirectory(_folder["w", "catalogue.db"]);
        var id = Finish(workspace, "one");
        Assert.Equal([id], workspace.Runs().Select(run => run.Id));
    }

    [Fact]
    public void A_run_with_a_damaged_manifest_is_listed_with_its_problem()
    {
        using var workspace = Open();
        var id = Finish(workspace, "one");
        Assert.Null(Assert.Single(workspace.Runs()).Problem);
        File.WriteAllText(_folder["w", "runs", id, "run.json"], "{");

        Assert.Contains("run.json cannot be read", Assert.Single(workspace.Runs()).Problem, StringComparison.Ordinal);
        workspace.RebuildCatalogue();
        Assert.Single(workspace.Runs());
    }

    [Fact]
    public async Task Several_workspaces_over_one_folder_see_the_same_runs()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() =>
        {
            using var workspace = Open();
            for (var k = 0; k < 4; k++)
            {
                Finish(workspace, $"{i}/{k}");
                workspace.Runs();
            }
        })));

        Assert.Equal(24, Open().Runs().Count);
    }

    [Fact]
    public void Models_are_described_from_headers()
    {
        _folder.Write("shipped/clock/config.json", """{"model_type":"hooked_transformer"}""");
        _folder.Write("shipped/clock/interp.json", """{"task":{"kind":"modular-addition","modulus":59}}""");
        _folder.Write("shipped/clock/README.md", "---\nlicense: mit\n---\n\n# Clock\n\nAdds modulo 59.\nMore.\n");
        const string Header = """{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[1],"data_offsets":[24,28]}}""";
        _folder.Write("shipped/clock/model.safetensors", $"{(char)Header.Length}\0\0\0\0\0\0\0{Header}{new string('\0', 28)}");
        _folder.Write("w/models/mine/config.json", """{"model_type":"llama"}""");
        _folder.Write("w/models/mine/tokenizer.json", "{}");
        _folder.Write("w/models/broken/config.json", "{");
        _folder.Write("w/models/not-a-model/notes.txt", "");
        using var workspace = Open();

        var models = workspace.Models();

        Assert.Equal(["clock", "broken", "mine"], models.Select(model => model.Name));
        Assert.Equal(("hooked_transformer", "modular-addition", "Adds modulo 59.", true, false, null),
            (models[0].Family, models[0].Task, models[0].Description, models[0].IsShipped, models[0].HasTokenizer, models[0].Problem));
        Assert.Equal(7, models[0].Parameters);
        Assert.NotNull(models[1].Problem);
        Assert.Equal(("llama", null, "", false, true), (models[2].Family, models[2].Task, models[2].Description, models[2].IsShipped, models[2].HasTokenizer));
        Assert.Null(models[2].Parameters);
        Assert.Contains("model.safetensors", models[2].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_resolve_by_name_or_folder_and_otherwise_the_names_are_listed()
    {
        var shipped = Path.GetDirectoryName(_folder.Write("shipped/clock/config.json", """{"model_type":"x"}"""))!;
        var own = Path.GetDirectoryName(_folder.Write("w/models/mine/config.json", """{"model_type":"x"}"""))!;
        _folder.Write("empty/notes.txt", "");
        using var workspace = Open();

        Assert.Equal(shipped, workspace.ResolveModel("clock"));
        Assert.Equal(own, workspace.ResolveModel("mine"));
        Assert.Equal(own, workspace.ResolveModel(own + "/"));
        var unknown = Assert.Throws<InterpException>(() => workspace.ResolveModel("clok"));
        Assert.Contains("there is no model clok: name a folder or one of clock, mine", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("config.json is missing", Assert.Throws<InterpException>(() => workspace.ResolveModel(_folder["empty"])).Message, StringComparison.Ordinal);
    }

    private static void Damage(string path, string damage)
    {
        switch (damage)
        {
            case "missing":
                File.Delete(path);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "garbage":
                File.WriteAllText(path, new string('x', 5000));
                break;
            case "truncated":
                using (var file = File.OpenWrite(path))
                {
                    file.SetLength(file.Length / 2);
                }

                break;
            default:
                using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=false"))
                {
                    connection.Open();
                    using var command = connection.CreateCommand();
                    command.CommandText = "DROP TABLE runs; CREATE TABLE runs (other TEXT)";
                    command.ExecuteNonQuery();
                }

                break;
        }
    }

    private static string Finish(InterpWorkspace workspace, string title)
    {
        using var writer = workspace.BeginRun(new RunRequest { Analysis = "probe", Title = title, Sources = new RunSources { Model = "m" } });
        writer.WriteResult(new { Score = 1 });
        return writer.Commit().Manifest.Id;
    }

    private InterpWorkspace Open() => InterpWorkspace.Open(_folder["w"], _folder["shipped"]);
}
