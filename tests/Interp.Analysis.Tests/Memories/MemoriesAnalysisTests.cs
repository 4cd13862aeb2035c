using Interp.Analysis.Memories;
using Interp.Compute;
using Interp.Models;
using Interp.Tests;

namespace Interp.Analysis.Tests.Memories;

public sealed class MemoriesAnalysisTests
{
    private static readonly MemoriesOptions s_quick = new() { Permutations = 99, NullDraws = 3, Details = 2, Keys = 200 };

    [Fact]
    public void The_operators_of_a_model_are_measured_through_the_catalogue()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        using var outcome = AnalysisCatalogue.Find("memories").Run(new AnalysisSources { Model = model, OutputFolder = "" }, s_quick);
        var result = Assert.IsType<MemoriesResult>(outcome.Result);
        Assert.Equal("each token with itself", result.Associations);
        Assert.Equal(1 + (model.Config.LayerCount * (model.Config.HeadCount + 1)), result.Operators.Count);
        Assert.All(result.Operators, found => Assert.InRange(found.Recall1, 0, found.Recall10));
        Assert.Equal(2, result.Details.Count);
        Assert.All(result.Details, detail => Assert.Equal(detail.Error, detail.TruncatedErrors[^1], 1e-9));
        Assert.Equal(6, outcome.Figures.Count);
        Assert.All(outcome.Figures, figure => Assert.False(string.IsNullOrEmpty(figure.Layout.YAxis[0].Title.Text)));
    }

    [Fact]
    public void A_text_gives_successors_and_frequencies()
    {
        using var model = LanguageModel.Load(SharedFiles.Require("models", "trained", "stories260K"));
        var input = new MemoriesInput(model, SharedFiles.Require("corpora", "tinyshakespeare.txt"));
        var result = MemoriesAnalysis.Run(input, s_quick with { Tokens = 20_000, Layer = 1, Details = 1 });
        Assert.Contains("successor", result.Associations, StringComparison.Ordinal);
        Assert.NotNull(result.Alpha);
        Assert.True(result.Probabilities[0] >= result.Probabilities[^1]);
        Assert.Equal(1, result.Probabilities.Sum(), 1e-12);
        Assert.All(result.Operators.Where(found => found.Kind != "direct"), found => Assert.Equal(1, found.Layer));
    }

    [Fact]
    public void Listed_pairs_are_read_and_what_names_no_token_is_refused()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var input = new MemoriesInput(model, null);
        var result = MemoriesAnalysis.Run(input, s_quick with { Pairs = ["#1>#2", "#3>#4", "#3>#5"], Details = 0 });
        Assert.Equal((2, "the pairs listed"), (result.Keys, result.Associations));
        Assert.Throws<InterpException>(() => MemoriesAnalysis.Run(input, s_quick with { Pairs = ["#1"] }));
        Assert.Throws<InterpException>(() => MemoriesAnalysis.Run(input, s_quick with { Pairs = ["#1>#9999", "#2>#3"] }));
        Assert.Throws<InterpException>(() => MemoriesAnalysis.Run(input, s_quick with { Layer = 7 }));
        Assert.Throws<InterpException>(() => MemoriesAnalysis.Run(input, s_quick with { Association = AssociationKind.Successor }));
        Assert.ThrowsAny<InterpException>(() => MemoriesAnalysis.Run(input, s_quick with { Association = AssociationKind.Weekdays }));
    }

    [Fact]
    public void Discoveries_follow_Benjamini_and_Hochberg() =>
        Assert.Equal([true, false, true, true], OperatorMeter.Discoveries([0.001, 0.5, 0.03, 0.035], 0.05));

    [Fact]
    public void No_tensor_is_left_behind_and_a_cancelled_run_stops()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var input = new MemoriesInput(model, null);
        LiveTensors.AssertNoGrowth(() => MemoriesAnalysis.Run(input, s_quick));
        Assert.Throws<OperationCanceledException>(() => MemoriesAnalysis.Run(input, s_quick, null, new CancellationToken(true)));
    }
}
