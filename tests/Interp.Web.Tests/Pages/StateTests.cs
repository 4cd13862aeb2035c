using Bunit;
using Interp.Web.Components.Controls;
using Interp.Web.Components.Pages;
using Interp.Workbench.Jobs;

namespace Interp.Web.Tests.Pages;

/// <summary>What pages show when there is nothing, too little, or something broken.</summary>
public sealed class StateTests : IAsyncDisposable
{
    private static readonly string s_text = typeof(StateTests).Assembly.Location;
    private readonly Bench _bench = new();

    [Fact]
    public void Empty_pages_say_what_would_be_there_and_how_to_make_it()
    {
        Assert.Contains("No model is here yet", _bench.Pages.Render<Home>().Markup, StringComparison.Ordinal);
        Assert.Contains("No model is here yet", _bench.Pages.Render<Components.Pages.Models>().Markup, StringComparison.Ordinal);
        Assert.NotNull(_bench.Pages.Render<Jobs>().Find(".empty a[href='/analyses']"));
        Assert.NotNull(_bench.Pages.Render<Runs>().Find(".empty a[href='/analyses']"));
    }

    [Fact]
    public void What_is_not_there_is_told_with_a_way_on()
    {
        var run = _bench.Pages.Render<RunDetails>(parameters => parameters.Add(page => page.Id, "20200101-none"));
        Assert.Contains("there is no run", run.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.NotNull(run.Find("a[href='/runs']"));

        var model = _bench.Pages.Render<ModelDetails>(parameters => parameters.Add(page => page.Name, "none"));
        Assert.Contains("there is no model none", model.Find("[role=alert]").TextContent, StringComparison.Ordinal);

        var job = _bench.Pages.Render<Jobs>(parameters => parameters.Add(page => page.Id, "none"));
        Assert.Contains("There is no job none", job.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_job_says_why_in_one_line()
    {
        var job = await _bench.Finish(Request(("Note", "fail")));
        var view = _bench.Pages.Render<JobView>(parameters => parameters.Add(page => page.Job, job));
        Assert.Equal("failed", view.Find("[data-state]").GetAttribute("data-state"));
        Assert.Equal("the clock is broken: wind it up", view.Find(".error").TextContent);
        Assert.Empty(view.FindAll("details"));
    }

    [Fact]
    public async Task A_finished_job_links_its_result_and_report()
    {
        var job = await _bench.Finish(Request());
        var view = _bench.Pages.Render<JobView>(parameters => parameters.Add(page => page.Job, job));
        Assert.NotNull(view.Find($"a[href='/runs/{job.RunIds[0]}']"));
        Assert.NotNull(view.Find($"a[href='/runs/{job.RunIds[0]}/report.html'][download]"));
        Assert.Empty(view.FindAll("button"));
    }

    [Fact]
    public async Task A_run_asks_its_module_to_draw_each_figure_from_its_address()
    {
        var job = await _bench.Finish(Request(("Points", "7")));
        var id = job.RunIds[0];
        var module = _bench.Pages.JSInterop.SetupModule("/Components/Controls/FigureView.razor.js");
        module.Mode = JSRuntimeMode.Loose;

        var page = _bench.Pages.Render<RunDetails>(parameters => parameters.Add(run => run.Id, id));

        Assert.Equal([$"/runs/{id}/figures/ring", $"/runs/{id}/figures/hours"], module.Invocations["draw"].Select(call => call.Arguments[2]));
        Assert.Equal(["Ring", "Hours"], page.FindAll("figure h3").Select(heading => heading.TextContent));
        Assert.Contains("7 points", page.Find(".plot").GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Contains("<td>7</td>", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_run_shows_what_is_left_of_it()
    {
        var job = await _bench.Finish(Request());
        File.Delete(Path.Combine(_bench.Workspace.OpenRun(job.RunIds[0]).Folder, "result.json"));
        var page = _bench.Pages.Render<RunDetails>(parameters => parameters.Add(run => run.Id, job.RunIds[0]));
        Assert.Contains("result.json is missing", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal(2, page.FindAll("figure").Count);
    }

    [Fact]
    public async Task Runs_are_found_by_words_and_link_to_the_same_settings_again()
    {
        var job = await _bench.Finish(Request(("Points", "9")));
        var list = _bench.Pages.Render<Runs>();
        Assert.Single(list.FindAll("tr[data-run]"));
        list.Find("input[type=search]").Input("nothing like it");
        Assert.Contains("No run matches", list.Find(".empty").TextContent, StringComparison.Ordinal);

        var page = _bench.Pages.Render<RunDetails>(parameters => parameters.Add(run => run.Id, job.RunIds[0]));
        Assert.Contains("Points=9", page.Find("a[href^='/analyses/clock?']").GetAttribute("href"), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private static JobRequest Request(params (string Key, string Value)[] options) =>
        new() { Analysis = ClockAnalysis.Name, TextFile = s_text, Options = options.ToDictionary(option => option.Key, option => option.Value) };
}
