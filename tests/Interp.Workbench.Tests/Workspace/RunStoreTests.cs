using System.Text.Json;
using Interp.Analysis;
using Interp.Compute;
using Interp.Workbench.Workspace;
using Plotly.Blazor;
using Plotly.Blazor.Traces;

namespace Interp.Workbench.Tests.Workspace;

public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_committed_run_reads_back_whole()
    {
        var store = Open();
        using var writer = store.BeginRun(Request() with
        {
            Options = new Dictionary<string, string> { ["Seed"] = "7", ["Rate"] = "0.5" },
            Sources = new RunSources { Model = "clock", Tensor = "a:b" },
            Line = "line",
            Key = "k",
        });
        writer.Log("began");
        File.WriteAllText(Path.Combine(writer.OutputFolder, "shard.bin"), "x");
        writer.Write(Outcome());
        _time.Now += TimeSpan.FromSeconds(2.5);

        var run = writer.Commit();

        Assert.Equal("20260304-050607-089-probe", run.Manifest.Id);
        Assert.Equal(("probe", "Probe", 7L, "cpu"), (run.Manifest.Analysis, run.Manifest.Title, run.Manifest.Seed, run.Manifest.Device));
        Assert.Equal(2.5, run.Manifest.ElapsedSeconds);
        Assert.Equal(("clock", "a:b", "line", "k"), (run.Manifest.Sources.Model, run.Manifest.Sources.Tensor, run.Manifest.Line, run.Manifest.Key));
        Assert.Equal("0.5", run.Manifest.Options["Rate"]);
        Assert.Equal(RunVersions.Current, run.Manifest.Versions);
        Assert.Equal(0.25, run.Result.GetProperty("score").GetDouble());
        Assert.Equal("bars", Assert.Single(run.Figures).Name);
        Assert.Contains("began", run.Log, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(run.DataFolder!, "shard.bin")));
        Assert.Empty(run.Problems);
        Assert.Equal([run.Manifest.Id], store.Ids);
        Assert.Equal([run.Manifest.Id], Entries());
    }

    [Fact]
    public void The_result_has_the_same_bytes_whenever_it_is_written()
    {
        var store = Open();
        var first = Finish(store);
        _time.Now += TimeSpan.FromDays(1);
        var second = Finish(store);

        Assert.NotEqual(first.Folder, second.Folder);
        Assert.Equal(File.ReadAllBytes(Path.Combine(first.Folder, "result.json")), File.ReadAllBytes(Path.Combine(second.Folder, "result.json")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(first.Folder, "figures.json")), File.ReadAllBytes(Path.Combine(second.Folder, "figures.json")));
    }

    [Fact]
    public void Versions_are_those_of_the_packages()
    {
        Assert.Equal("0.107.0", RunVersions.Current.TorchSharp);
        Assert.StartsWith("2.10", RunVersions.Current.LibTorch, StringComparison.Ordinal);
        Assert.DoesNotContain('+', RunVersions.Current.Interp);
    }

    [Fact]
    public void A_run_that_is_given_up_leaves_nothing()
    {
        var store = Open();
        using (var writer = store.BeginRun(Request()))
        {
            writer.WriteResult(new Probe(1));
            Assert.Empty(store.Ids);
        }

        Assert.Empty(Entries());
    }

    [Fact]
    public void Runs_of_one_moment_get_numbered_names_in_order()
    {
        var store = Open();
        using var open = store.BeginRun(Request());
        var second = Finish(store);
        var third = Finish(Open());

        Assert.Equal("20260304-050607-089-probe", open.Id);
        Assert.Equal("20260304-050607-089-probe-2", second.Manifest.Id);
        Assert.Equal("20260304-050607-089-probe-3", third.Manifest.Id);
    }

    [Fact]
    public void Ids_sort_by_time()
    {
        var store = Open();
        var ids = new List<string>();
        foreach (var step in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(61), TimeSpan.FromDays(400)])
        {
            _time.Now += step;
            ids.Add(Finish(store).Manifest.Id);
        }

        Assert.Equal(ids, store.Ids);
    }

    [Fact]
    public void A_fixed_id_replaces_the_earlier_run_only_when_the_new_one_is_whole()
    {
        var store = Open();
        var request = Request() with { Id = "01-probe" };
        Finish(store, request, score: 1);
        using (var given = store.BeginRun(request))
        {
            given.WriteResult(new Probe(2));
        }

        Assert.Equal(1, store.OpenRun("01-probe").Result.GetProperty("score").GetDouble());

        Finish(store, request, score: 3);

        Assert.Equal(3, store.OpenRun("01-probe").Result.GetProperty("score").GetDouble());
        Assert.Equal(["01-probe"], Entries());
    }

    [Fact]
    public void Two_writers_cannot_hold_one_fixed_id()
    {
        using var first = Open().BeginRun(Request() with { Id = "01-probe" });

        var failure = Assert.Throws<InterpException>(() => Open().BeginRun(Request() with { Id = "01-probe" }));

        Assert.Contains("another process is writing the run 01-probe", failure.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(first.Folder));
    }

    [Fact]
    public void What_a_dead_writer_left_is_swept_and_what_a_living_one_writes_is_not()
    {
        // A dead process leaves its folder and a lock file that nobody holds.
        _folder.Write(".writing/20200101-000000-000-dead/result.json", "{\"half\":");
        _folder.Write(".writing/20200101-000000-000-dead.lock", "");
        _folder.Write(".writing/without-a-lock/result.json", "{}");
        _folder.Write(".writing/old.deleted-1/result.json", "{}");
        var store = RunStore.Open(_folder.Path, _time);
        Assert.Empty(Entries());

        using var living = store.BeginRun(Request());
        living.WriteResult(new Probe(4));
        RunStore.Open(_folder.Path, _time);

        Assert.Equal(4, living.Commit().Result.GetProperty("score").GetDouble());
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData(".writing")]
    [InlineData("")]
    [InlineData("no-such-run")]
    public void Names_that_are_no_runs_are_refused(string id)
    {
        var store = Open();
        Assert.Throws<InterpException>(() => store.OpenRun(id));
        Assert.Throws<InterpException>(() => store.DeleteRun(id));
    }

    [Fact]
    public void A_deleted_run_is_gone()
    {
        var store = Open();
        var run = Finish(store);
        store.DeleteRun(run.Manifest.Id);
        Assert.Empty(Entries());
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_clear_line()
    {
        var file = _folder.Write("file", "");
        var failure = Assert.Throws<InterpException>(() => RunStore.Open(Path.Combine(file, "runs")));
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task Many_writers_at_once_never_share_a_name()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            // Each thread its own store, as each process would have.
            var store = Open();
            return Enumerable.Range(0, 5).Select(_ => Finish(store).Manifest.Id).ToArray();
        })));

        Assert.Equal(40, ids.SelectMany(id => id).Distinct().Count());
        Assert.Equal(40, Entries().Length);
    }

    private RunStore Open() => RunStore.Open(_folder.Path, _time);

    private string[] Entries() => [.. Directory.EnumerateFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static RunRequest Request() => new() { Analysis = "probe", Title = "Probe" };

    private static RunRecord Finish(RunStore store, RunRequest? request = null, double score = 0.25)
    {
        using var writer = store.BeginRun(request ?? Request());
        writer.Write(Outcome(score));
        return writer.Commit();
    }

    private static AnalysisOutcome Outcome(double score = 0.25) =>
        new(new Probe(score), [new Figure("bars", "Bars", "One bar.", [new Bar { Y = [1] }], new Layout())], new Dictionary<string, TorchSharp.torch.Tensor>());

    private sealed record Probe(double Score);
}
