using Interp.Analysis.Circles.Probe;
using Interp.Analysis.Circles.Tasks;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Tokenization;
using TorchSharp;

namespace Interp.Analysis.Tests.Circles.Probe;

/// <summary>What the shipped models must show.</summary>
public sealed class ProbeAnalysisTests
{
    private static LanguageModel Calendar() => LanguageModel.Load(Checkout.PathOf("models", "calendar"));

    [Theory]
    [InlineData(TaskKind.Weekdays, 49)]
    [InlineData(TaskKind.Months, 144)]
    public void Calendar_answers_the_sums_also_those_held_out_and_its_labels_lie_on_a_circle(TaskKind task, int sums)
    {
        using var model = Calendar();
        var result = ProbeAnalysis.Run(model, new ProbeOptions { Task = task, Layer = 1, NullDraws = 50 });
        Assert.Equal(sums, result.Problems);
        Assert.InRange(result.Accuracy!.Value, 0.95, 1);
        Assert.InRange(result.HeldOutAccuracy!.Value, 0.95, 1);
        var first = result.Probes.Single(probe => probe is { Position: "alpha", Harmonic: 1 });
        Assert.InRange(first.HeldOutOtherR2, 0.95, 1);
        Assert.InRange(first.NullQuantile95, -1, 0.1);
        Assert.Equal(1, first.NearestLabelAccuracy);
        Assert.NotEmpty(ProbeFigures.Draw(result));
    }

    [Theory]
    [InlineData(TaskKind.Weekdays)]
    [InlineData(TaskKind.Months)]
    public void Setting_the_circle_moves_calendar_s_answer_and_ablation_does_not(TaskKind task)
    {
        using var model = Calendar();

        // The model keeps its rotary tables from the first run on.
        _ = ProbeAnalysis.Run(model, new ProbeOptions { Task = task, Layer = 1, NullDraws = 0 });
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var result = ProbeAnalysis.Run(model, new ProbeOptions { Task = task, Layer = 1, NullDraws = 0, Pairs = 150, Intervene = true });
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(1, result.BestLayer);
        Assert.InRange(result.PatchCircleFlipRate!.Value, 0.9, 1);
        Assert.InRange(result.AverageAblateFlipRate!.Value, 0, 0.3);
        InterventionMeasure Of(InterventionKind kind) => result.Interventions.First(measure => measure.Kind == kind);
        Assert.InRange(Of(InterventionKind.PatchLayer).FlipRate, 0.95, 1);
        Assert.InRange(Of(InterventionKind.PatchCircleKeepRest).FlipRate, 0.9, 1);
        Assert.InRange(Of(InterventionKind.PatchAllButCircle).KeepRate, 0.9, 1);
        Assert.InRange(Of(InterventionKind.MoveOutsideCircle).FlipRate, 0, 0.1);
        Assert.InRange(Of(InterventionKind.ZeroCircle).KeepRate, 0, 0.4);
        Assert.All(result.Sectors, sectors => Assert.InRange(sectors.NearestRuleAgreement, 0.75, 1));
        Assert.All(result.Sectors, sectors => Assert.Equal((20, 100), (sectors.Answers.Length, sectors.Answers[0].Length)));
        Assert.Equal(8, result.PatchingMaps.Length);
        Assert.NotEmpty(ProbeFigures.Draw(result));
    }

    [Fact]
    public void The_same_seed_gives_the_same_result()
    {
        using var model = Calendar();
        var options = new ProbeOptions { Layer = 0, NullDraws = 20, Pairs = 40, Intervene = true, Seed = 5 };
        string Json() => System.Text.Json.JsonSerializer.Serialize(ProbeAnalysis.Run(model, options), ResultJson.Options);
        Assert.Equal(Json(), Json());
    }

    [Fact]
    public void Clock_59_is_probed_on_its_own_frequencies()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var result = ProbeAnalysis.Run(model, new ProbeOptions { Task = TaskKind.ModularAddition, Layer = 0, NullDraws = 0, Problems = 300, Pairs = 200, Intervene = true });
        Assert.Equal(1, result.Accuracy);
        Assert.Equal([3, 21, 23, 27], result.Harmonics);
        Assert.InRange(result.PatchCircleFlipRate!.Value, 0.95, 1);
        Assert.InRange(result.AverageAblateFlipRate!.Value, 0, 0.1);
        Assert.InRange(result.HeldOutAccuracy!.Value, 0.99, 1);
    }

    [Fact]
    public void Numbers_are_words_where_there_are_no_digits()
    {
        using var model = Calendar();
        var result = ProbeAnalysis.Run(model, new ProbeOptions { Task = TaskKind.Numbers, Layer = 1 });
        Assert.Equal(18, result.Problems);
        Assert.Null(result.Accuracy);
        Assert.Single(ProbeFigures.Draw(result));
        Assert.Equal("helix", result.Helices[0].Basis);
        Assert.All(result.Helices, row => Assert.Equal(1, row.Layer));
    }

    [Fact]
    public void What_cannot_be_asked_is_refused_in_one_line()
    {
        using var clock = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        using var calendar = Calendar();
        Assert.Contains("not in the vocabulary", Refused(clock, new ProbeOptions()), StringComparison.Ordinal);
        Assert.Contains("no modular-addition task", Refused(calendar, new ProbeOptions { Task = TaskKind.ModularAddition }), StringComparison.Ordinal);
        Assert.Contains("choose --layer 0 to 3", Refused(calendar, new ProbeOptions { Layer = 4 }), StringComparison.Ordinal);
        Assert.Contains("nothing comes after layer 3", Refused(calendar, new ProbeOptions { Layer = 3, Intervene = true }), StringComparison.Ordinal);
        Assert.Contains("only 10 numbers", Refused(calendar, new ProbeOptions { Task = TaskKind.Numbers, LargestNumber = 10 }), StringComparison.Ordinal);
        Assert.Contains("beyond p/2", Refused(calendar, new ProbeOptions { Layer = 0, Harmonics = [4] }), StringComparison.Ordinal);

        static string Refused(LanguageModel model, ProbeOptions options) => Assert.ThrowsAny<InterpException>(() => ProbeAnalysis.Run(model, options)).Message;
    }

    [Theory]
    [InlineData("gpt2", "with the space before it")]
    [InlineData("llama2", "with the space before it")]
    public void Public_tokenizers_have_whole_words_for_answers(string name, string form)
    {
        var tokenizer = Tokenizer.Load(SharedFiles.Require("tokenizers", name));
        var (tokens, found) = AnswerTokens.Of(tokenizer, "Let's do some days of the week math. Two days from Monday is", ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]);
        Assert.Equal(7, tokens.Distinct().Count());
        Assert.Contains(form, found, StringComparison.Ordinal);
    }
}
