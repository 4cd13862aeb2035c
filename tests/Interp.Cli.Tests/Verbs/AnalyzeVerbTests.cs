using System.Text.Json;
using Interp.Workbench.Workspace;

namespace Interp.Cli.Tests.Verbs;

/// <summary>The whole line on the shipped model, by the real program.</summary>
public sealed class AnalyzeVerbTests : IDisposable
{
    private const double IrreducibleBits = 0.7;
    private const double LargestMixture = 0.25;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_runs_with_one_seed_give_the_same_numbers_even_when_one_is_stopped_half_way()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        var first = await Analyze("first");
        await StopHalfWay("second");
        var kept = AssertStoppedCleanly("second");
        var second = await Analyze("second");

        var stages = first.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("analysis").GetString()!).ToList();
        Assert.Equal(kept, second.GetProperty("runs").EnumerateArray().Where(run => run.GetProperty("isReused").GetBoolean()).Select(run => run.GetProperty("analysis").GetString()!));
        Assert.Equal(first.GetProperty("findings").GetRawText(), second.GetProperty("findings").GetRawText());
        Assert.All(stages, analysis => Assert.Equal(File.ReadAllText(_folder["first", analysis, "result.json"]), File.ReadAllText(_folder["second", analysis, "result.json"])));

        AssertFoundCircles(first.GetProperty("findings"));
        Assert.Equal(_folder["first", "report.html"], first.GetProperty("report").GetString());
        Assert.Contains("clock-59", File.ReadAllText(_folder["first", "report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_a_task_needs_a_text()
    {
        var finished = InProcess.Run("analyze", Fixtures.Tiny("gpt2"), "--out", _folder["line"], "--workspace", _folder["w"]);
        Assert.Equal(1, finished.Status);
        Assert.Equal("interp: gpt2 ships no task of its own: name a text to run it on with --text-file", finished.ErrorLine);
        Assert.False(Directory.Exists(_folder["line"]));
    }

    private static void AssertFoundCircles(JsonElement findings)
    {
        var keys = findings.GetProperty("keyFrequencies").EnumerateArray().Select(key => key.GetInt32()).ToList();
        var circles = findings.GetProperty("planes").EnumerateArray().Where(plane =>
            plane.GetProperty("separabilityBits").GetDouble() >= IrreducibleBits
            && plane.GetProperty("mixture").GetDouble() <= LargestMixture
            && plane.GetProperty("ordersResidues").GetBoolean()
            && keys.Contains(plane.GetProperty("frequency").GetInt32()));
        Assert.True(circles.Select(plane => plane.GetProperty("frequency").GetInt32()).Distinct().Count() >= 2, findings.GetRawText());
    }

    private async Task<JsonElement> Analyze(string name)
    {
        var finished = await InterpProcess.Run(_folder["w"], "analyze", "clock-59", "--out", _folder[name], "--seed", "0", "--json");
        Assert.True(finished.Status == 0, finished.Error);
        return JsonDocument.Parse(finished.Output).RootElement;
    }

    // Ctrl-C as soon as the first stage is finished.
    private async Task StopHalfWay(string name)
    {
        using var process = InterpProcess.Start(_folder["w"], "analyze", "clock-59", "--out", _folder[name], "--seed", "0", "--json");
        while (!process.HasExited && Runs(name).Count == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }

        InterpProcess.Interrupt(process);
        var finished = await InterpProcess.Finish(process);
        Assert.Equal((130, ""), (finished.Status, finished.Output));
        Assert.EndsWith("interp: cancelled: what was finished is kept, nothing half written is left\n", finished.Error, StringComparison.Ordinal);
    }

    // The stages that were finished.
    private List<string> AssertStoppedCleanly(string name)
    {
        var kept = Runs(name);
        Assert.NotEmpty(kept);
        Assert.All(Directory.EnumerateFileSystemEntries(_folder[name]), entry => Assert.True(RunRecord.IsRunFolder(entry), $"{entry} is half written"));
        Assert.All(kept, run => Assert.Empty(run.Problems));
        Assert.DoesNotContain("analyze", kept.Select(run => run.Manifest.Analysis));
        return [.. kept.Select(run => run.Manifest.Analysis)];
    }

    private List<RunRecord> Runs(string name) => Directory.Exists(_folder[name])
        ? [.. Directory.EnumerateDirectories(_folder[name]).Where(RunRecord.IsRunFolder).Select(RunRecord.Open).OrderBy(run => run.Manifest.StartedUtc)]
        : [];
}
