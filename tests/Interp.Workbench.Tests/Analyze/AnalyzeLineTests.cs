using System.Text.Json;
using Interp.Analysis;
using Interp.Analysis.Capacity;
using Interp.Analysis.Circles.Fourier;
using Interp.Compute;
using Interp.Models;
using Interp.Workbench.Analyze;
using WorkspaceFolder = Interp.Workbench.Workspace.Workspace;

namespace Interp.Workbench.Tests.Analyze;

public sealed class AnalyzeLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LanguageModel _model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_second_run_with_the_same_settings_finds_every_stage_finished_and_gives_the_same_findings()
    {
        var first = Run(LineTarget.Own(_folder["line"]));
        var second = Run(LineTarget.Own(_folder["line"]));

        Assert.All(first.Runs, run => Assert.False(run.IsReused));
        Assert.All(second.Runs, run => Assert.True(run.IsReused));
        Assert.Equal(Json(first.Findings), Json(second.Findings));
        Assert.Equal([3, 21, 23, 27], first.Findings.KeyFrequencies);
        Assert.Equal([3], first.Findings.DecoyFrequencies);
        Assert.Equal(_folder["line", "report.html"], second.Report);
        Assert.True(File.Exists(second.Report));
    }

    [Fact]
    public void A_damaged_stage_is_done_again()
    {
        var first = Run(LineTarget.Own(_folder["line"]));
        File.Delete(_folder["line", "capacity", "result.json"]);
        var second = Run(LineTarget.Own(_folder["line"]));

        Assert.Equal("capacity", Assert.Single(second.Runs, run => !run.IsReused).Analysis);
        Assert.Equal(Json(first.Findings), Json(second.Findings));
    }

    [Fact]
    public void Another_seed_or_other_weights_reuse_nothing()
    {
        using var workspace = WorkspaceFolder.Open(_folder["workspace"]);
        Run(LineTarget.In(workspace));
        var seeded = Run(LineTarget.In(workspace), seed: 1);
        using var changed = LanguageModel.Load(ChangedCopy());
        var other = Run(LineTarget.In(workspace), model: changed);

        Assert.All(seeded.Runs.Concat(other.Runs), run => Assert.False(run.IsReused));
        Assert.All(Run(LineTarget.In(workspace), seed: 1).Runs, run => Assert.True(run.IsReused));
    }

    [Fact]
    public void Every_run_of_a_line_in_a_workspace_names_the_line_and_the_line_names_its_runs()
    {
        using var workspace = WorkspaceFolder.Open(_folder["workspace"]);
        var result = Run(LineTarget.In(workspace));

        var line = Assert.Single(workspace.Runs(), run => run.Analysis == "analyze");
        Assert.Equal(result.Runs.Select(run => run.Id), workspace.OpenRun(line.Id).Manifest.Runs);
        Assert.All(result.Runs, run => Assert.Equal(line.Id, workspace.OpenRun(run.Id).Manifest.Line));
        Assert.Equal(result.Report, workspace.OpenRun(line.Id).ReportPath);
    }

    [Fact]
    public void A_cancelled_line_keeps_its_finished_stages_and_the_next_call_goes_on_from_them()
    {
        using var workspace = WorkspaceFolder.Open(_folder["workspace"]);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Run(LineTarget.In(workspace), progress: new StopAfterStage(stop), cancellation: stop.Token));

        var kept = Assert.Single(workspace.Runs());
        Assert.Equal("circles-fourier", kept.Analysis);
        Assert.False(Directory.Exists(Path.Combine(workspace.Store.Folder, ".writing")));
        var resumed = Run(LineTarget.In(workspace));
        Assert.Equal(kept.Id, Assert.Single(resumed.Runs, run => run.IsReused).Id);
        Assert.Equal(kept.Line, Assert.Single(workspace.Runs(), run => run.Analysis == "analyze").Id);
    }

    [Fact]
    public void The_whole_never_goes_back_and_ends_at_one()
    {
        var shares = new List<double>();
        Run(LineTarget.Own(_folder["line"]), progress: new Recorder(shares));
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 1e-9);
    }

    [Fact]
    public void A_model_without_a_task_needs_a_text()
    {
        using var gpt2 = LanguageModel.Load(Checkout.PathOf("tests", "Interp.Models.Tests", "Data", "tiny", "gpt2"));
        var failure = Assert.Throws<InterpException>(() => AnalyzeLine.Run(_folder["line"], gpt2, new AnalyzeOptions()));
        Assert.Equal("gpt2 ships no task of its own: name a text to run it on with --text-file", failure.Message);
    }

    // The real engine on two quick stages: what is tested here is how stages become runs, not what they find.
    private AnalyzeResult Run(LineTarget target, long seed = 0, IProgress<StepProgress>? progress = null, LanguageModel? model = null, CancellationToken cancellation = default)
    {
        LineStage[] stages =
        [
            new("circles-fourier", 3, new FourierOptions { Seed = seed, Frequencies = 0, NullDraws = 1 }, SourceKinds.Model),
            new("capacity", 1, new CapacityOptions { Seed = seed }, SourceKinds.Model),
        ];
        return new LineRun(target, model ?? _model, new AnalyzeOptions { Seed = seed }, stages, progress, cancellation).Run();
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ResultJson.Options);

    // The same model with one bit of one weight changed.
    private string ChangedCopy()
    {
        Directory.CreateDirectory(_folder["clock"]);
        foreach (var file in Directory.EnumerateFiles(_model.Folder!))
        {
            File.Copy(file, Path.Combine(_folder["clock"], Path.GetFileName(file)));
        }

        using var weights = new FileStream(_folder["clock", "model.safetensors"], FileMode.Open);
        weights.Position = weights.Length - 4;
        var low = weights.ReadByte();
        weights.Position--;
        weights.WriteByte((byte)(low ^ 1));
        return _folder["clock"];
    }

    private sealed class StopAfterStage(CancellationTokenSource stop) : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
            if (value.Unit == "stages")
            {
                stop.Cancel();
            }
        }
    }

    private sealed class Recorder(List<double> shares) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => shares.Add(value.Whole!.Value);
    }
}
