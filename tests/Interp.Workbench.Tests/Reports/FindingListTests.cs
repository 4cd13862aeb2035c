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
