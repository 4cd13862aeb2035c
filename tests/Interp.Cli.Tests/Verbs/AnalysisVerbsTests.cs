using System.Text.Json;
using Interp.Workbench.Workspace;

namespace Interp.Cli.Tests.Verbs;

/// <summary>The verbs made from the catalogue, on the shipped model: the keys that other programs rely on, and where runs go.</summary>
public sealed class AnalysisVerbsTests : IDisposable
{
    private static readonly string s_embedding = Path.Combine(Fixtures.Clock59, "model.safetensors") + ":embed.W_E";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Capacity_prints_its_keys()
    {
        var result = Json("capacity", "clock-59");
        AssertKeys(
            result, "vocabulary", "dimension", "mean", "standardDeviation", "epsilon", "epsilonRandom", "epsilonRatio", "class", "capacity", "histogram", "quantiles");
        AssertKeys(result.GetProperty("capacity"), "adjusted", "oneParameter", "johnsonLindenstrauss", "adjustedLow", "adjustedHigh");
        AssertKeys(result.GetProperty("histogram"), "edges", "counts");
        Assert.Contains(result.GetProperty("class").GetString(), new[] { "near-orthogonal", "dense" });
    }

    [Fact]
    public void People_read_what_was_found_first_then_numbers_without_those_that_are_not_there()
    {
        var finished = InProcess.Run("capacity", "clock-59", "--workspace", _folder["w"]);
        Assert.Equal((0, ""), (finished.Status, finished.Error));
        var lines = finished.Output.Split('\n');
        Assert.StartsWith("The 60 directions in 64 dimensions have", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("  Capacity is an extrapolation", StringComparison.Ordinal));
        Assert.Contains("class: dense", lines);
        Assert.DoesNotContain(lines, line => line.EndsWith(": none", StringComparison.Ordinal) || line.EndsWith("[]", StringComparison.Ordinal) || line == "capacity:");
        Assert.StartsWith("run: ", lines[^2], StringComparison.Ordinal);
        Assert.All(lines.TakeWhile(line => line.Length > 0), line => Assert.InRange(line.Length, 1, 110));
    }

    [Fact]
    public void A_tensor_gives_the_same_capacity_as_the_model_that_holds_it()
    {
        var (model, tensor) = (Json("capacity", "clock-59"), Json("capacity", s_embedding));
        Assert.Equal(model.GetProperty("epsilon").GetDouble(), tensor.GetProperty("epsilon").GetDouble(), 1e-12);
    }

    [Fact]
    public void Circles_indices_prints_its_keys() =>
        AssertKeys(Json("circles", "indices", s_embedding), "separabilityBits", "separabilityAngle", "mixture", "mixtureDirection", "mixtureOffset", "points", "estimator");

    [Fact]
    public void Circles_fourier_prints_its_keys() =>
        AssertKeys(
            Json("circles", "fourier", "clock-59", "--modulus", "59", "--frequencies", "0", "--null-draws", "1"),
            "keyFrequencies", "frequencyPower", "logitVarianceExplained", "restrictedLoss", "excludedLoss", "neuronsAboveThreshold", "threshold");

    [Fact]
    public void Entanglement_matrix_prints_its_keys()
    {
        var profiles = Json("entanglement", "matrix", s_embedding).GetProperty("profiles");
        AssertKeys(profiles[0], "name", "rows", "columns", "sites", "boundary", "entropies", "renyi2", "nullGaussian", "nullLowRank", "nullSpectrum", "rank");
    }

    [Fact]
    public void Activations_a_dictionary_its_test_and_its_clusters_follow_from_each_other()
    {
        Assert.Equal(3481, Json("capture", "clock-59", "--out", _folder["acts"]).GetProperty("rows").GetInt64());
        Json("atoms", "train", "--activations", _folder["acts"], "--width", "32", "--target-l0", "4", "--steps", "60", "--out", _folder["sae"]);
        Assert.True(File.Exists(_folder["sae", "data", "sae_weights.safetensors"]));

        var tested = Json("atoms", "eval", _folder["sae"], "--activations", _folder["acts"], "--model", "clock-59");
        AssertKeys(tested, "l0", "explainedVariance", "heldOutExplainedVariance", "crossEntropy", "aliveFraction", "singleSampleFraction", "coherence", "uniqueness");
        AssertKeys(tested.GetProperty("crossEntropy"), "clean", "spliced", "ablated", "recovered");
        AssertKeys(tested.GetProperty("coherence"), "euclidean", "atomic");
        AssertKeys(tested.GetProperty("uniqueness"), "pairQuantile", "atomQuantile", "strict", "randomControl");

        var clusters = Json("circles", "find", _folder["sae"], "--activations", _folder["acts"], "--method", "spectral", "--clusters", "4").GetProperty("clusters");
        AssertKeys(clusters[0], "id", "latents", "planes", "score", "meanCosine", "tokens");
        AssertKeys(clusters[0].GetProperty("planes")[0], "components", "separabilityBits", "mixture", "score");
    }

    [Fact]
    public void A_run_goes_to_the_workspace_or_whole_into_the_folder_asked_for()
    {
        Json("capacity", "clock-59");
        Assert.Equal("capacity", RunRecord.Open(Assert.Single(Directory.EnumerateDirectories(_folder["w", "runs"]))).Manifest.Analysis);

        for (var seed = 0; seed < 2; seed++)
        {
            Json("capacity", "clock-59", "--out", _folder["my run"], "--seed", $"{seed}");
            var run = RunRecord.Open(_folder["my run"]);
            Assert.Empty(run.Problems);
            Assert.Equal(seed, run.Manifest.Seed);
        }

        Assert.Equal(["my run", "w"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_that_holds_something_else_is_left_alone()
    {
        _folder.Write("mine/thesis.txt", "years of work");
        var finished = Run("capacity", "clock-59", "--out", _folder["mine"]);
        Assert.Equal(1, finished.Status);
        Assert.Contains("holds something that is no run", finished.ErrorLine, StringComparison.Ordinal);
        Assert.Equal("years of work", File.ReadAllText(_folder["mine", "thesis.txt"]));
    }

    [Theory]
    [InlineData(2, "--bins 3 is out of range", "capacity", "clock-59", "--bins", "3")]
    [InlineData(2, "--matrix west is no choice: use one of embedding, unembedding", "capacity", "clock-59", "--matrix", "west")]
    [InlineData(2, "MODEL|FILE:TENSOR is missing", "capacity")]
    [InlineData(2, "interp capacity has no option --bin: near ones are --bins", "capacity", "clock-59", "--bin", "3")]
    [InlineData(2, "there is no verb 'interp circles indicies': near ones are indices", "circles", "indicies")]
    [InlineData(1, "nowhere.safetensors: there is no such file", "capacity", "nowhere.safetensors:x")]
    [InlineData(1, "unknown device tpu", "capacity", "clock-59", "--device", "tpu")]
    [InlineData(1, "unknown element type int8", "capacity", "clock-59", "--dtype", "int8")]
    public void Mistakes_end_with_a_line_and_the_documented_status(int status, string part, params string[] args)
    {
        var finished = Run(args);
        Assert.Equal(status, finished.Status);
        Assert.Contains(part, finished.ErrorLine, StringComparison.Ordinal);
        Assert.Empty(finished.Output);
        Assert.False(Directory.Exists(_folder["w", "runs", ".writing"]));
    }

    [Fact]
    public void Words_for_people_name_every_number_and_the_run()
    {
        var finished = Run("capacity", "clock-59");
        Assert.Contains("\nepsilon: 0.", finished.Output, StringComparison.Ordinal);
        Assert.Contains($"\nrun: {Assert.Single(Directory.EnumerateDirectories(_folder["w", "runs"]))}\n", finished.Output, StringComparison.Ordinal);
    }

    private static void AssertKeys(JsonElement record, params string[] keys) =>
        Assert.Empty(keys.Except(record.EnumerateObject().Select(property => property.Name)));

    private InterpProcess.Finished Run(params string[] args) => InProcess.Run([.. args, "--workspace", _folder["w"]]);

    private JsonElement Json(params string[] args)
    {
        var finished = Run([.. args, "--json"]);
        Assert.True(finished.Status == 0, finished.Error);
        return JsonDocument.Parse(finished.Output).RootElement;
    }
}
