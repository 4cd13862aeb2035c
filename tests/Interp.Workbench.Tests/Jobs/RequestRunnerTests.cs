using Interp.Analysis;
using Interp.Compute;
using Interp.Models;
using Interp.Workbench.Jobs;
using Interp.Workbench.Workspace;
using TorchSharp;
using WorkspaceFolder = Interp.Workbench.Workspace.Workspace;

namespace Interp.Workbench.Tests.Jobs;

public sealed class RequestRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WorkspaceFolder _workspace;
    private readonly List<LanguageModel> _seen = [];

    public RequestRunnerTests() => _workspace = WorkspaceFolder.Open(_folder["w"], Checkout.PathOf("models"));

    public void Dispose()
    {
        _workspace.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_model_is_loaded_once_for_requests_that_follow_each_other()
    {
        using var runner = Runner();
        runner.Run(new JobRequest { Analysis = "look", Model = "clock-59" });
        runner.Run(new JobRequest { Analysis = "look", Model = Checkout.PathOf("models", "clock-59") });
        runner.Run(new JobRequest { Analysis = "look", Model = "clock-59", Dtype = "float64" });
        Assert.Same(_seen[0], _seen[1]);
        Assert.NotSame(_seen[0], _seen[2]);
    }

    [Fact]
    public void The_run_says_what_it_was_asked_and_on_which_device()
    {
        using var runner = Runner();
        var run = runner.Run(new JobRequest { Analysis = "look", Model = "clock-59", TextFile = _folder.Write("text.txt", "words"), Device = "cpu" });
        Assert.Equal(("look", "Look", "clock-59"), (_workspace.Runs()[0].Analysis, _workspace.Runs()[0].Title, _workspace.Runs()[0].Model));
        Assert.Equal(("clock-59", _folder["text.txt"], "cpu"), (run.Manifest.Sources.Model, run.Manifest.Sources.TextFile, run.Manifest.Device));
    }

    /// <summary>The meta device stands for a GPU: only which device it is matters here.</summary>
    [Fact]
    public void What_cannot_use_the_device_asked_for_says_so_in_one_line()
    {
        string? Remark(string analysis, JobRequest request) => RequestRunner.Remark(AnalysisCatalogue.Find(analysis), request with { Analysis = analysis }, torch.META);
        Assert.Null(Remark("capacity", new JobRequest { Analysis = "", Model = "clock-59" }));
        Assert.Null(Remark("atoms", new JobRequest { Analysis = "", Activations = "acts" }));
        Assert.Equal(
            "capacity computes on the CPU and leaves meta alone: only models, and dictionaries that are trained or evaluated, run there",
            Remark("capacity", new JobRequest { Analysis = "", Tensor = "f:t" }));
        using var runner = new RequestRunner(_workspace);
        Assert.Null(runner.DeviceRemark(new JobRequest { Analysis = "circles-indices", Tensor = "f:t", Device = "cpu" }));
    }

    [Fact]
    public void The_data_of_a_run_is_found_by_its_id_or_by_its_folder()
    {
        using var runner = Runner();
        var made = runner.Run(new JobRequest { Analysis = "make" }, RunTarget.AtFolder(_folder["made"]));
        var inWorkspace = runner.Run(new JobRequest { Analysis = "make" });
        string Found(string activations) => runner.Run(new JobRequest { Analysis = "look", Activations = activations }).Result.GetProperty("activations").GetString()!;

        Assert.Equal(made.DataFolder, Found(made.Folder));
        Assert.Equal(inWorkspace.DataFolder, Found(inWorkspace.Manifest.Id));
        Assert.Equal(made.DataFolder, Found(made.DataFolder!));
        var missing = Assert.Throws<InterpException>(() => Found("nowhere"));
        Assert.Equal("there is no activations folder and no run nowhere: name a folder or the run that wrote it", missing.Message);
        var empty = runner.Run(new JobRequest { Analysis = "look" });
        Assert.Contains("holds no activations", Assert.Throws<InterpException>(() => Found(empty.Manifest.Id)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no analysis lok: choose one of look, make", "lok", null, null)]
    [InlineData("there is no model clock-95", "look", "clock-95", null)]
    [InlineData("there is no text file nowhere.txt", "look", null, "nowhere.txt")]
    public void What_is_not_there_is_named(string start, string analysis, string? model, string? text)
    {
        using var runner = Runner();
        var failure = Assert.Throws<InterpException>(() => runner.Run(new JobRequest { Analysis = analysis, Model = model, TextFile = text }));
        Assert.StartsWith(start, failure.Message, StringComparison.Ordinal);
        Assert.Empty(_workspace.Runs());
    }

    private RequestRunner Runner() => new(
        _workspace,
        [
            AnalysisEntry.Create<AnalysisSources, NoOptions, Looked>(
                "look", "Look", "Looks.", SourceKinds.Model, (sources, _) => sources, (sources, _, _, _) => Look(sources), _ => []),
            AnalysisEntry.Create<AnalysisSources, NoOptions, Looked>(
                "make", "Make", "Makes.", SourceKinds.None, (sources, _) => sources, (sources, _, _, _) => Make(sources), _ => []),
        ]);

    private Looked Look(AnalysisSources sources)
    {
        if (sources.Model is { } model)
        {
            _seen.Add(model);
        }

        return new Looked(sources.Activations);
    }

    private static Looked Make(AnalysisSources sources)
    {
        File.WriteAllText(Path.Combine(sources.OutputFolder, "shard"), "");
        return new Looked(null);
    }

    private sealed record NoOptions;

    private sealed record Looked(string? Activations);
}
