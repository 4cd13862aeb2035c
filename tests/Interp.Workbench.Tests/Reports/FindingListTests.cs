using System.Text.Json;
using Interp.Workbench.Reports.Findings;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Tests.Reports;

public sealed class FindingListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Only_circles_that_the_model_needs_are_said_to_be_computed_on()
    {
        var findings = Of("circles-fourier", """
            {"modulus":59,"keyFrequencies":[3,21,27],"decoyFrequencies":[3],"accuracy":1,"keepKeyPlanesAccuracy":0.99,"removeKeyPlanesAccuracy":0.017,
             "logitVarianceExplained":0.98,"neuronsAboveThreshold":0.85,"threshold":0.9,"restrictedLoss":0.001,"excludedLoss":5.5,
             "frequencies":[{"frequency":3,"isCausal":false,"removeAccuracy":1},{"frequency":21,"isCausal":true,"removeAccuracy":0.45},{"frequency":27,"isCausal":true,"removeAccuracy":0.25}]}
            """);
        Assert.Equal("The model computes on 2 circles of frequency 21 and 27. Accuracy 100\u00A0%; 45\u00A0% without 21 and 25\u00A0% without 27.", findings[0].Text);
        Assert.Contains("Frequency 3 is a circle as clean in the embedding, and not used.", findings[0].Caveat, StringComparison.Ordinal);
        Assert.Contains("guessing: 1.695\u00A0%", findings[0].Caveat, StringComparison.Ordinal);
        Assert.Contains("without them 5.5 nats", findings[1].Caveat, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_causal_tests_circles_are_only_said_to_be_there()
    {
        var finding = Of("circles-fourier", """{"keyFrequencies":[3],"frequencies":[{"frequency":3}],"decoyFrequencies":[]}""")[0];
        Assert.Equal("The embedding holds a circle of frequency 3.", finding.Text);
        Assert.Contains("does not show that the model uses it", finding.Caveat, StringComparison.Ordinal);
    }

    [Fact]
    public void Planes_are_told_by_cloud_with_the_shuffled_index_beside_them()
    {
        var finding = Assert.Single(Of("circles-planes", """
            {"minimumSeparability":0.7,"maximumMixture":0.25,"planes":[
              {"cloud":"A","isCircle":true,"separabilityBits":0.91,"mixture":0.19,"nullQuantile95Bits":0.01,"fit":{"frequency":27}},
              {"cloud":"A","isCircle":true,"separabilityBits":0.87,"mixture":0.18,"nullQuantile95Bits":0.02,"fit":{"frequency":21}},
              {"cloud":"A","isCircle":false,"separabilityBits":0.2,"mixture":0.5,"nullQuantile95Bits":0.01},
              {"cloud":"B","isCircle":false}]}
            """));
        Assert.Equal("A: 2 of 3 planes are circles, of frequencies 21 and 27. Separability 0.87 to 0.91 bits, mixture 0.18 to 0.19.", finding.Text);
        Assert.StartsWith("The same points with shuffled coordinates reach 0.01 to 0.02 bits", finding.Caveat, StringComparison.Ordinal);
    }

    [Fact]
    public void A_probe_is_told_with_its_null_and_an_intervention_with_both_its_controls()
    {
        var findings = Of("circles-probe", """
            {"task":"weekdays","problems":49,"accuracy":1,"bestLayer":1,"harmonics":[1,3],"patchCircleFlipRate":1,"firstCircleFlipRate":0.92,"averageAblateFlipRate":0.14,
             "probes":[
               {"layer":0,"position":"alpha","label":"alpha","harmonic":1,"heldOutOtherR2":0.99,"heldOutLabelR2":0.5,"nullQuantile95":-0.05,"nearestLabelAccuracy":1},
               {"layer":1,"position":"last","label":"alpha","harmonic":1,"heldOutOtherR2":0.7,"heldOutLabelR2":0.1,"nullQuantile95":0.01,"nearestLabelAccuracy":0.8},
               {"layer":1,"position":"alpha","label":"alpha","harmonic":2,"heldOutOtherR2":1}],
             "interventions":[
               {"layer":1,"kind":"move-outside-circle","harmonics":[1],"flipRate":0.5},
               {"layer":1,"kind":"move-outside-circle","harmonics":[1,3],"flipRate":0.003},
               {"layer":2,"kind":"move-outside-circle","harmonics":[1,3],"flipRate":0.9}]}
            """);
        Assert.Equal(2, findings.Count);
        Assert.Contains("best at layer 0, at the label itself: R² 0.99", findings[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("Labels shuffled over prompts reach R² -0.05", findings[0].Caveat, StringComparison.Ordinal);
        Assert.Contains("harmonics 1 and 3 at layer 1", findings[1].Text, StringComparison.Ordinal);
        Assert.Contains("14\u00A0% of the answers", findings[1].Caveat, StringComparison.Ordinal);
        Assert.EndsWith("outside the circles brings 0.3\u00A0%.", findings[1].Caveat, StringComparison.Ordinal);
    }

    [Fact]
    public void A_helix_is_told_beside_a_line_a_polynomial_and_shuffled_numbers()
    {
        const string Fits = """
            {"KEY":"helix","heldOutR2":0.9},{"KEY":"helix without period 2","heldOutR2":0.8},{"KEY":"line alone","heldOutR2":0.3},
            {"KEY":"polynomial of degree 9","heldOutR2":0.5},{"KEY":"9 principal components","heldOutR2":0.95},{"KEY":"helix of shuffled numbers, on the mean","heldOutR2":-0.1}
            """;
        var finding = Assert.Single(Of("circles-helix", $$"""{"fits":[{{Fits.Replace("KEY", "name", StringComparison.Ordinal)}}]}"""));
        Assert.StartsWith("A helix reads the activations of numbers that were not fitted with R² 0.9, a line with 0.3, a polynomial with 0.5", finding.Text, StringComparison.Ordinal);
        Assert.StartsWith("Helices of shuffled numbers have -0.1 on the mean", finding.Caveat, StringComparison.Ordinal);
        var layer = Assert.Single(Of("circles-probe", $$"""{"helices":[{{Fits.Replace("\"KEY\"", "\"layer\":2,\"basis\"", StringComparison.Ordinal)}}]}"""));
        Assert.Equal($"Layer 2: {finding.Text}", layer.Text);
    }

    [Fact]
    public void A_loop_is_told_beside_that_of_a_polygon()
    {
        var finding = Assert.Single(Of("circles-homology", """{"isCircle":true,"longestRatio":4,"longestOverSecond":9,"polygon":{"birth":0.5,"death":1.5}}"""));
        Assert.Equal("One loop stands out: the longest is filled at 4 times the distance at which it appears and is 9 times as long as the next.", finding.Text);
        Assert.Contains("a ratio of 3.", finding.Caveat, StringComparison.Ordinal);
        Assert.Equal("There is no loop.", Assert.Single(Of("circles-homology", """{"isCircle":false}""")).Text);
    }

    [Fact]
    public void Heads_are_told_beside_evenly_spread_attention_and_lenses_beside_each_other()
    {
        static string Scores(double previous, double induction) =>
            FormattableString.Invariant($$$"""{"previousToken":{"mul":{{{previous}}}},"duplicateToken":{"mul":0.1},"induction":{"mul":{{{induction}}}}}""");
        var heads = Assert.Single(Of("heads", $$"""
            {"heads":[{"layer":0,"head":3,"repeated":{{Scores(0.9, 0.1)}}},{"layer":1,"head":2,"repeated":{{Scores(0.2, 0.7)}}}],"uniform":{{Scores(0.04, 0.01)}},
             "firstHalfLossNats":9,"secondHalfLossNats":2}
            """));
        Assert.Contains("previous-token head is 0.3 with 0.9 (evenly spread: 0.04)", heads.Text, StringComparison.Ordinal);
        Assert.Contains("induction head is 1.2 with 0.7 (evenly spread: 0.01)", heads.Text, StringComparison.Ordinal);
        var lens = Assert.Single(Of("lens-tune", """{"logitLensNats":[4,2],"tunedLensNats":[2,1]}"""));
        Assert.StartsWith("The tuned lens comes within 1.5 nats", lens.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Recovery_and_stability_are_told_beside_chance()
    {
        var recovery = Assert.Single(Of("atoms-recovery", """
            {"atoms":512,"matchedFraction":1,"trainedMatchedFraction":0.938,"heldOutExplainedVariance":1,"trainedHeldOutExplainedVariance":0.853,"largestSparsity":2,"active":8}
            """));
        Assert.StartsWith("Of 512 planted atoms 100\u00A0% are found", recovery.Text, StringComparison.Ordinal);
        Assert.Contains("codes of up to 2 atoms, where 8 are active", recovery.Caveat, StringComparison.Ordinal);
        var stability = Assert.Single(Of("atoms-stability", """{"meanMaximum":0.8,"randomMeanMaximum":0.3}"""));
        Assert.StartsWith("Random directions reach 0.3.", stability.Caveat, StringComparison.Ordinal);
    }

    [Fact]
    public void Capacity_is_told_beside_that_of_random_directions()
    {
        var finding = Assert.Single(Of("capacity", """
            {"vocabulary":32000,"dimension":4096,"epsilon":0.0501,"epsilonRandom":0.03125,"epsilonRatio":1.6,"class":"near-orthogonal",
             "capacity":{"adjusted":39900000,"oneParameter":12000000,"adjustedLow":30000000,"adjustedHigh":50000000}}
            """));
        Assert.Contains("ε = 0.0501, 1.6 times that of random directions", finding.Text, StringComparison.Ordinal);
        Assert.Contains("39\u2009900\u2009000 directions (30\u2009000\u2009000 to 50\u2009000\u2009000)", finding.Text, StringComparison.Ordinal);
        Assert.Contains("12\u2009000\u2009000", finding.Caveat, StringComparison.Ordinal);
    }

    [Fact]
    public void Geometry_names_the_widest_and_the_narrowest_cloud()
    {
        var findings = Of("geometry", """
            {"clouds":[
              {"name":"first","dimension":64,"measures":{"twoNearest":4.5,"averageCosine":0.1,"spectralAnisotropy":0.2}},
              {"name":"last","dimension":64,"measures":{"twoNearest":9.25,"averageCosine":0.6,"spectralAnisotropy":0.4},"matchedGaussian":{"twoNearest":12.5}},
              {"name":"equal rows","dimension":64,"measures":{}}]}
            """);
        Assert.Equal("Over 2 clouds the TwoNN dimension is largest at last (9.25 of 64 coordinates) and smallest at first (4.5); a Gaussian of the same covariance has 12.5 there.", findings[0].Text);
        Assert.Contains("0.6, at last", findings[1].Text, StringComparison.Ordinal);
        Assert.Empty(Of("geometry", """{"clouds":[{"name":"equal rows","measures":{}}]}"""));
    }

    [Fact]
    public void The_dimension_of_an_objective_says_where_none_was_enough()
    {
        var finding = Assert.Single(Of("geometry-objective", """{"parameters":14336,"share":0.9,"trainingDimension":512,"heldOutDimension":null}"""));
        Assert.Contains("a random subspace of 512 dimensions reaches 0.9", finding.Text, StringComparison.Ordinal);
        Assert.Contains("one of more dimensions than were tried on held-out ones", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Memories_are_counted_and_the_best_is_named_beside_its_nulls()
    {
        var finding = Assert.Single(Of("memories", """
            {"associations":"each token with itself","constantRecall":0.01,"operators":[
              {"kind":"direct","recall1":0.3,"permutedUpper":0.02,"isMemory":false},
              {"kind":"head","layer":1,"head":3,"recall1":0.75,"permutedUpper":0.03,"isMemory":true}]}
            """));
        Assert.Equal("1 of 2 operators recall each token with itself beyond their nulls; the best is head 3 of layer 1, which answers 0.75 of the frequency (permuted associations at most 0.03, the constant answer 0.01).", finding.Text);
    }

    [Fact]
    public void Entanglement_names_its_extremes_and_what_the_spectra_alone_would_give()
    {
        var finding = Assert.Single(Of("entanglement-internal", """
            {"profiles":[
              {"name":"A","boundary":2,"depth":0.75,"entropies":[0.5,1.5,0.4],"nullGaussian":[0.6,3.5,0.6],"surrogates":{"mean":[0.6,1.5,0.5]}},
              {"name":"B","boundary":1,"depth":0.25,"entropies":[0.2,0.9],"nullGaussian":[0.1,1],"surrogates":{"mean":[0.2,1.4]}}]}
            """));
        Assert.Equal("Of 2 matrices, the entropy between rows and columns is lowest in B (0.2 nats) and highest in A (1.5 nats). 1 of them lie below a random full-rank matrix of the same shape. The valley there is 0.5 nats deep on the mean.", finding.Text);
        Assert.Contains("B would have 1.4 nats at cut 2 instead of 0.9", finding.Caveat, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dictionary_is_told_with_held_out_rows_and_its_dead_atoms()
    {
        var finding = Assert.Single(Of("atoms", """{"l0":8.05,"explainedVariance":0.992,"heldOutExplainedVariance":0.991,"aliveFraction":0.23,"singleSampleFraction":0.017}"""));
        Assert.Equal("With 8.05 atoms active at a time the dictionary explains 99.2\u00A0% of the variance, 99.1\u00A0% on activations kept aside.", finding.Text);
        Assert.StartsWith("23\u00A0% of the atoms fire at all. 1.7\u00A0% of those fire on a single row.", finding.Caveat, StringComparison.Ordinal);
    }

    [Fact]
    public void An_evaluation_is_told_beside_shuffled_codes_and_random_directions()
    {
        var findings = Of("atoms-eval", """
            {"l0":8,"explainedVariance":0.9,"shuffledCodesExplainedVariance":-0.2,"crossEntropy":{"recovered":0.95},
             "uniqueness":{"pairQuantile":0.8,"atomQuantile":0.1,"strict":1,"randomControl":0.7}}
            """);
        Assert.EndsWith("it recovers 95\u00A0% of the loss that ablating them costs.", findings[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("With its codes shuffled over rows it explains -20\u00A0%.", findings[0].Caveat, StringComparison.Ordinal);
        Assert.Contains("quantile 0.8 of pairs of atoms, and up to 0.1 of atoms", findings[1].Text, StringComparison.Ordinal);
        Assert.Equal("Random directions of the same number, width and sparsity reach 0.7 of pairs. For all pairs it holds with at most 1 active atoms, where 8 are active.", findings[1].Caveat);
    }

    [Fact]
    public void Clusters_are_told_beside_random_sets()
    {
        var finding = Assert.Single(Of("circles-find", """
            {"judgedClusters":40,"controlQuantile95":0.3,"controlSets":20,"controlScores":[0.9,0.1],"clustersAboveControl":5,
             "clusters":[{"latents":[1,2,3],"score":0.8,"planes":[{"score":0.2,"separabilityBits":0.3,"mixture":0.4},{"score":0.7,"separabilityBits":0.9,"mixture":0.1}]}]}
            """));
        Assert.Contains("separability 0.9 bits, mixture 0.1", finding.Text, StringComparison.Ordinal);
        Assert.Contains("one in twenty reaches 0.3 bits and the best 0.9", finding.Caveat, StringComparison.Ordinal);
        Assert.Contains("5 clusters do, where 2 would by chance", finding.Caveat, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("capacity")]
    [InlineData("circles-fourier")]
    [InlineData("circles-planes")]
    [InlineData("circles-find")]
    [InlineData("circles-indices")]
    [InlineData("atoms-eval")]
    [InlineData("entanglement-internal")]
    [InlineData("unknown")]
    public void Numbers_that_are_missing_or_of_another_kind_make_no_finding(string analysis)
    {
        Assert.Empty(Of(analysis, "{}"));
        Assert.DoesNotContain(Of(analysis, """{"epsilon":"x","keyFrequencies":null,"clusters":null,"planes":4,"profiles":[1,{"boundary":9}],"explainedVariance":null}"""), finding => finding.Text.Contains('—', StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<Finding> Of(string analysis, string result)
    {
        var store = RunStore.Open(_folder["runs"]);
        using var writer = store.BeginRun(new RunRequest { Analysis = analysis, Title = analysis });
        writer.WriteResult(JsonSerializer.Deserialize<JsonElement>(result));
        writer.WriteFigures([]);
        return FindingList.Of(writer.Commit());
    }
}
