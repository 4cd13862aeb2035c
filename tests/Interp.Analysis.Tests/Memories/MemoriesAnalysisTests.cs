using Interp.Analysis.Memories;
using Interp.Compute;
using Interp.Models;
using static TorchSharp.torch;

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
        Assert.All(result.Details, detail => Assert.Equal(detail.Error, detail.ProjectedErrors[^1], 1e-9));
        Assert.All(result.Details, detail => Assert.Equal([16, 32, model.Config.Width], detail.ProjectedWidths));
        Assert.Equal(7, outcome.Figures.Count);
        Assert.All(outcome.Figures, figure => Assert.False(string.IsNullOrEmpty(figure.Layout.YAxis[0].Title.Text)));
    }

    [Fact]
    public void The_terms_of_a_superposition_add_up_to_its_scores_and_the_worst_key_is_named()
    {
        using var scope = NewDisposeScope();
        var (keys, values) = (RandomTensor.Normal(12, 5).to(ScalarType.Float64), RandomTensor.Normal(4, 5, seed: 2).to(ScalarType.Float64));
        int[] targets = [.. Enumerable.Range(0, 12).Select(key => key % 4)];
        double[] weights = [.. Enumerable.Range(0, 12).Select(key => key == 0 ? 50.0 : 1.0)];
        var associations = new DeclaredAssociations([.. Enumerable.Range(100, 12)], [.. targets.Select(target => new[] { target })], [.. targets.Select(_ => 1 / 12.0)], "made");
        var matrix = Interp.Analysis.Memories.Scaling.HebbianMemory.Matrix(keys, values, targets, weights);
        var product = keys.matmul(matrix.t()).matmul(values.t());
        var scores = AssociationScores.Of(keys, values.matmul(matrix), associations.Targets, default);
        var wrong = Enumerable.Range(0, 12).Select(key => Enumerable.Range(0, 4).Where(value => value != targets[key]).MaxBy(value => product[key, value].item<double>())).ToArray();
        var table = new InterferenceTable(associations, null).Of(keys, values, weights, scores, failing => [.. failing.Select(key => wrong[key])]);
        Assert.NotEmpty(table);
        Assert.Equal(scores.Rank.Count(rank => rank > 1), table.Count);
        foreach (var row in table)
        {
            var key = row.Key - 100;
            var own = weights[key] * keys[key].dot(keys[key]).item<double>() * values[targets[key]].dot(values[row.Wrong]).item<double>();
            Assert.Equal(product[key, row.Wrong].item<double>(), row.Noise + own, 1e-9);
            Assert.Equal(wrong[key], row.Wrong);
            Assert.InRange(row.CrowdedKeysShare, 0, 1);
        }

        Assert.Contains(table, row => row.Causes[0] == "#100");
    }

    [Fact]
    public void Heads_that_are_added_up_are_one_operator_and_names_of_none_are_refused()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var input = new MemoriesInput(model, null);
        var options = s_quick with { Details = 0, Mlps = false };
        var alone = MemoriesAnalysis.Run(input, options with { SumHeads = ["0.2"] }).Operators;
        Assert.Equal(alone.Single(found => found.Head == 2) with { Kind = "sum", Layer = null, Head = null, IsMemory = false }, alone[^1] with { IsMemory = false });
        var all = MemoriesAnalysis.Run(input, options with { SumHeads = ["0.0", "0.1", "0.2", "0.3"] }).Operators;
        Assert.Equal("sum", all[^1].Kind);
        Assert.Throws<InterpException>(() => MemoriesAnalysis.Run(input, options with { SumHeads = ["0.9"] }));
        Assert.Throws<InterpException>(() => MemoriesAnalysis.Run(input, options with { SumHeads = ["first"] }));
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
