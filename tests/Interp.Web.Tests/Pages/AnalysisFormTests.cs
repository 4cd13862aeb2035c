using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Interp.Web.Components.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Interp.Web.Tests.Pages;

public sealed class AnalysisFormTests : IAsyncDisposable
{
    private readonly Bench _bench = new();

    [Fact]
    public void A_form_is_made_from_the_options_record()
    {
        var page = Render();
        Assert.Equal(
            ["Points", "StepMilliseconds", "Hand", "Backwards", "Note", "Seed", "Marks"],
            page.FindAll("[data-option]").Select(field => field.GetAttribute("data-option")));
        Assert.Equal("60", Input(page, "Points").GetAttribute("value"));
        Assert.Equal(["hours", "minutes"], page.FindAll("#option-Hand option").Select(choice => choice.GetAttribute("value")));
        Assert.Equal("checkbox", Input(page, "Backwards").GetAttribute("type"));
        Assert.Equal("3,6", Input(page, "Marks").GetAttribute("value"));
        Assert.NotNull(page.Find("details [data-option=Marks]"));
        Assert.Contains("3 to 10\u2009000", page.Find("[data-option=Points]").TextContent, StringComparison.Ordinal);
        Assert.Contains("points", page.Find("[data-option=Points] .entry").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_field_has_a_label_and_a_help_text()
    {
        var page = Render();
        foreach (var input in page.FindAll("input, select"))
        {
            Assert.NotNull(page.Find($"label[for='{input.Id}']"));
            Assert.NotNull(page.Find($"#{input.GetAttribute("aria-describedby")}"));
        }
    }

    [Fact]
    public void A_value_out_of_range_is_told_at_its_field_and_nothing_starts()
    {
        var page = Render();
        Input(page, "Points").Input("2");
        Assert.Contains("out of range", page.Find("[data-option=Points] .error").TextContent, StringComparison.Ordinal);
        Assert.Equal("true", Input(page, "Points").GetAttribute("aria-invalid"));

        page.Find("form").Submit();

        Assert.Empty(_bench.Queue.Jobs);
        Assert.Contains("marked below", page.Find(".problem").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ten")]
    public void A_number_that_is_none_is_told_at_its_field(string text)
    {
        var page = Render();
        Input(page, "Points").Input(text);
        Assert.NotEmpty(page.Find("[data-option=Points] .error").TextContent);
    }

    [Fact]
    public void The_command_line_follows_the_form()
    {
        var page = Render();
        Input(page, "Points").Input("12");
        page.Find("#option-Hand").Change("hours");
        page.Find("#option-Backwards").Change(true);
        page.Find("#source-text").Input("/tmp/a b.txt");
        var line = page.Find("#command").TextContent;
        Assert.StartsWith("interp clock", line, StringComparison.Ordinal);
        Assert.Contains("12", line, StringComparison.Ordinal);
        Assert.Contains("hours", line, StringComparison.Ordinal);
        Assert.Contains("'/tmp/a b.txt'", line, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_fills_the_form_and_a_value_goes_back_to_its_default()
    {
        var page = Render("?points=24&Hand=hours&unknown=1");
        Assert.Equal("24", Input(page, "Points").GetAttribute("value"));
        page.Find("[data-option=Points] .reset").Click();
        Assert.Equal("60", Input(page, "Points").GetAttribute("value"));
    }

    [Fact]
    public void Start_asks_for_a_source_when_none_is_chosen()
    {
        var page = Render();
        page.Find("form").Submit();
        Assert.Contains("Choose what to work on: text", page.Find(".problem").TextContent, StringComparison.Ordinal);
        Assert.Empty(_bench.Queue.Jobs);
    }

    [Fact]
    public void Start_puts_the_request_into_the_queue_and_goes_to_its_job()
    {
        var page = Render();
        Input(page, "Points").Input("5");
        page.Find("#source-text").Input(typeof(AnalysisFormTests).Assembly.Location);
        page.Find("form").Submit();

        var job = Assert.Single(_bench.Queue.Jobs);
        Assert.Equal(new Dictionary<string, string> { ["Points"] = "5" }, job.Request.Options);
        Assert.EndsWith($"/jobs/{job.Id}", _bench.Pages.Services.GetRequiredService<BunitNavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_analysis_is_told_in_plain_words()
    {
        var page = _bench.Pages.Render<AnalysisForm>(parameters => parameters.Add(form => form.Name, "nothing"));
        Assert.Contains("there is no analysis nothing", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("form"));
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private IRenderedComponent<AnalysisForm> Render(string query = "")
    {
        _bench.Pages.Services.GetRequiredService<NavigationManager>().NavigateTo($"/analyses/clock{query}");
        return _bench.Pages.Render<AnalysisForm>(parameters => parameters.Add(form => form.Name, ClockAnalysis.Name));
    }

    private static IElement Input(IRenderedComponent<AnalysisForm> page, string option) => page.Find($"#option-{option}");
}
