using Interp.Analysis;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Workbench.Jobs;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Tests.Jobs;

public sealed class ResumedRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public ResumedRunTests() => _store = RunStore.Open(_folder["runs"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_stopped_run_goes_on_from_its_saved_state()
    {
        Assert.Throws<InterpException>(() => Count(new CountOptions { To = 10, FailAt = 4 }));
        Assert.Empty(_store.Ids);

        var resumed = Count(new CountOptions { To = 10, Resume = true });
        Assert.Equal(4, resumed.Result.GetProperty("began").GetInt32());
        Assert.Equal(["runs"], Entries(_folder.Path));
        Assert.Equal([resumed.Manifest.Id], Entries(_folder["runs"]));
        Assert.Equal(["data", "figures.json", "log.txt", "result.json", "run.json"], Entries(resumed.Folder));
    }

    [Fact]
    public void Without_being_asked_a_run_starts_from_nothing_and_drops_the_old_state()
    {
        Assert.Throws<InterpException>(() => Count(new CountOptions { To = 10, FailAt = 4 }));
        Assert.Equal(0, Count(new CountOptions { To = 10 }).Result.GetProperty("began").GetInt32());
        Assert.Equal(0, Count(new CountOptions { To = 10, Resume = true }).Result.GetProperty("began").GetInt32());
    }

    [Fact]
    public void A_run_of_other_settings_is_not_gone_on_from()
    {
        Assert.Throws<InterpException>(() => Count(new CountOptions { To = 10, FailAt = 4 }));
        Assert.Equal(0, Count(new CountOptions { To = 11, Resume = true }).Result.GetProperty("began").GetInt32());
    }

    [Fact]
    public void The_state_of_a_killed_process_is_kept_when_the_store_is_opened_again()
    {
        // What a process leaves that ends between two instructions: the folder, and a lock that nobody holds.
        var writing = _folder["runs", ".writing", "dead"];
        Directory.CreateDirectory(Path.Combine(writing, "data"));
        File.WriteAllText(Path.Combine(writing, "resume"), "the-name");
        File.WriteAllText(Path.Combine(writing, "data", "state"), "7");
        File.WriteAllText(Path.Combine(writing, "log.txt"), "");

        RunStore.Open(_folder["runs"]);
        Assert.Equal([".stopped"], Entries(_folder["runs"]));
        Assert.Equal("7", File.ReadAllText(_folder["runs", ".stopped", "the-name", "state"]));
    }

    private static List<string> Entries(string folder) => [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private RunRecord Count(CountOptions options)
    {
        var entry = AnalysisEntry.Create<AnalysisSources, CountOptions, CountResult>(
            "count", "Count", "Counts.", SourceKinds.None, (sources, _) => sources, (sources, asked, _, _) => Count(sources.OutputFolder, asked), _ => []);
        return AnalysisRun.Execute(_store, entry, new AnalysisSources { OutputFolder = "" }, options, new RunRequest { Analysis = "", Title = "" });
    }

    private static CountResult Count(string folder, CountOptions options)
    {
        var state = Path.Combine(folder, "state");
        var began = options.Resume && File.Exists(state) ? File.ReadAllText(state).Length : 0;
        for (var i = began; i < options.To; i++)
        {
            if (i == options.FailAt)
            {
                throw new InterpException("stopped");
            }

            File.AppendAllText(state, "|");
        }

        return new CountResult(began);
    }

    private sealed record CountOptions
    {
        [Option("How far.", Minimum = 0)]
        public int To { get; init; }

        [Option("Go on from the saved state.")]
        public bool Resume { get; init; }

        // Not an option: what makes a run stop is not among its settings.
        public int FailAt { get; init; } = -1;
    }

    private sealed record CountResult(int Began);
}
