using System.Text.Json.Nodes;
using Interp.Analysis.Activations;
using Interp.Analysis.Activations.Capture;
using Interp.Analysis.Atoms;
using Interp.Analysis.Atoms.Evaluation;
using Interp.Analysis.Atoms.Training;
using Interp.Compute;
using Interp.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Atoms.Evaluation;

public sealed class AtomsEvalAnalysisTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_trained_dictionary_gets_the_numbers_of_its_training_and_their_controls()
    {
        SyntheticFeatures.Write(At("store"), 3000, 16, 24, 3).Dispose();
        AtomsResult trained;
        using (var store = ActivationStore.Open(At("store")))
        {
            trained = AtomsAnalysis.Run(store, At("sae"), new AtomsOptions { Width = [32], TargetL0 = [3], Steps = 800, BatchSize = 128, Seed = [5], HeldOutFraction = 0.2 });
        }

        using var input = AtomsEvalInput.Open(At("sae"), At("store"));
        var result = AtomsEvalAnalysis.Run(input, new AtomsEvalOptions());
        Assert.Equal("dictionary", result.Split);
        Assert.Equal((2400L, 600L), (result.TrainingRows, result.HeldOutRows));
        Assert.Equal(trained.ExplainedVariance, result.ExplainedVariance, 1e-9);
        Assert.Equal(trained.HeldOutExplainedVariance, result.HeldOutExplainedVariance, 1e-9);
        Assert.Equal(trained.L0, result.L0, 1e-9);
        Assert.Equal(trained.AliveFraction, result.AliveFraction);
        Assert.Null(result.CrossEntropy);
        Assert.True(result.ShuffledCodesExplainedVariance < 0.3 * result.HeldOutExplainedVariance);
        Assert.True(result.Coherence.Euclidean >= result.Coherence.AliveEuclidean && result.Coherence.AliveEuclidean > result.Coherence.WelchBound);
        Assert.InRange(result.Uniqueness.PairQuantile, result.Uniqueness.AtomQuantile, 1);
        Assert.InRange(result.Uniqueness.RandomControl, 0.01, 1);
        Assert.True(result.EncoderDecoder.Euclidean > 0.5);
        Assert.Equal(
            ["dictionary euclidean", "random euclidean", "dictionary activations", "random activations", "dictionary shuffled", "dictionary own", "random own", "neurons activations"],
            result.Controls.Select(row => $"{row.Directions} {row.Metric}"));
        Assert.Equal(result.Uniqueness.RandomControl, result.Controls[3].PairQuantile);
        Assert.Equal(result.L0, result.Controls[0].L0, 1e-9);
        Assert.Equal(["strict", "quantile"], result.Windows.Select(window => window.Bound));
        Assert.All(result.Windows, window => Assert.Equal(1, window.Green + window.Amber + window.Red, 1e-9));
        Assert.InRange(result.Refit.Gain, 0, 0.2);
        Assert.Equal(600, result.Refit.Rows);
        Assert.Equal(result.HeldOutExplainedVariance, result.Refit.ExplainedVariance, 1e-6);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void An_identity_dictionary_explains_everything_and_its_keys_are_those_that_others_rely_on()
    {
        SyntheticFeatures.Write(At("store"), 400, 8, 12, 2).Dispose();
        WriteIdentity(8, "blocks.0.hook_resid_post");
        var sources = new AnalysisSources { Dictionary = At("sae"), Activations = At("store"), OutputFolder = At("out") };
        using var outcome = AnalysisCatalogue.Find("atoms-eval").Run(sources, new AtomsEvalOptions());
        var result = Assert.IsType<AtomsEvalResult>(outcome.Result);
        Assert.Equal("options", result.Split);
        Assert.Equal(1, result.ExplainedVariance, 1e-6);
        Assert.Equal(1, result.HeldOutExplainedVariance, 1e-6);
        Assert.Equal(1, result.RelativeBias, 1e-6);
        Assert.Equal(1, result.LengthRatio, 1e-6);
        Assert.Equal(1, result.Coherence.Euclidean, 1e-9);
        Assert.Contains(result.Warnings, warning => warning.Contains("not trained on these", StringComparison.Ordinal));
        var json = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(result, ResultJson.Options))!.AsObject();
        foreach (var key in new[] { "l0", "explainedVariance", "heldOutExplainedVariance", "aliveFraction", "singleSampleFraction" })
        {
            Assert.True(json[key]!.AsValue().TryGetValue<double>(out _), key);
        }

        Assert.NotNull(json["coherence"]!["euclidean"]);
        Assert.NotNull(json["coherence"]!["atomic"]);
        foreach (var key in new[] { "pairQuantile", "atomQuantile", "strict", "randomControl" })
        {
            Assert.True(json["uniqueness"]!.AsObject().ContainsKey(key), key);
        }

        Assert.Equal(
            ["l0-explained-variance", "uniqueness", "uniqueness-controls", "latent-density", "nearest-directions"], outcome.Figures.Select(figure => figure.Name));
    }

    [Fact]
    public void A_perfect_dictionary_loses_nothing_of_the_model_and_an_empty_one_everything()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        CaptureAnalysis.Run(new CaptureInput(model, null, At("store")), new CaptureOptions());
        WriteIdentity(64, "blocks.0.hook_resid_post");
        using (var input = AtomsEvalInput.Open(At("sae"), At("store"), model))
        {
            var losses = AtomsEvalAnalysis.Run(input, new AtomsEvalOptions { LossTokens = 600 }).CrossEntropy!;
            Assert.Equal(1, losses.Recovered, 1e-4);
            Assert.Equal(losses.Clean, losses.Spliced, 1e-4);
            Assert.Equal(Math.Log(59), losses.Ablated, 1e-4);
            Assert.Equal(1, losses.KullbackLeiblerRecovered, 1e-3);
            Assert.Equal((200L, "held-out"), (losses.Tokens, losses.Documents));
            Assert.InRange(losses.Clean, 0, 0.2);
        }

        WriteIdentity(64, "blocks.0.hook_resid_post", threshold: 1e9f);
        using (var input = AtomsEvalInput.Open(At("sae"), At("store"), model))
        {
            var result = AtomsEvalAnalysis.Run(input, new AtomsEvalOptions { LossTokens = 600 });
            Assert.Equal(0, result.CrossEntropy!.Recovered, 1e-6);
            Assert.Equal((0.0, 0.0), (result.AliveFraction, result.L0));
        }
    }

    [Fact]
    public void The_loss_of_text_is_scored_behind_the_begin_token()
    {
        using var model = LanguageModel.Load(SharedFiles.Require("models", "trained", "stories260K"));
        File.WriteAllText(At("text.txt"), string.Concat(Enumerable.Repeat("Once upon a time there was a little dog. It liked to run and play with Tim.\n", 20)));
        CaptureAnalysis.Run(new CaptureInput(model, At("text.txt"), At("store")), new CaptureOptions { Tokens = 300, Context = 31 });
        WriteIdentity(64, "blocks.4.hook_resid_post");
        using var input = AtomsEvalInput.Open(At("sae"), At("store"), model);
        var losses = AtomsEvalAnalysis.Run(input, new AtomsEvalOptions { HeldOutFraction = 0 }).CrossEntropy!;
        Assert.Equal((290L, "all"), (losses.Tokens, losses.Documents));
        Assert.Equal(1, losses.Recovered, 1e-4);
        Assert.InRange(losses.Clean, 0.1, 4);
        Assert.True(losses.Ablated > losses.Clean + 1);
    }

    [Fact]
    public void Another_model_than_the_captured_one_is_refused()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        CaptureAnalysis.Run(new CaptureInput(model, null, At("store")), new CaptureOptions());
        WriteIdentity(64, "blocks.0.hook_resid_post");
        using (no_grad())
        {
            model.Parameters["blocks.0.mlp.W_out"].mul_(1.5);
        }

        using var input = AtomsEvalInput.Open(At("sae"), At("store"), model);
        Assert.Contains("other activations", Assert.Throws<InterpException>(() => AtomsEvalAnalysis.Run(input, new AtomsEvalOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dictionary_of_another_width_is_refused()
    {
        SyntheticFeatures.Write(At("store"), 40, 8, 12, 2).Dispose();
        WriteIdentity(9, "h");
        Assert.Contains("8 wide but the dictionary reads 9", Assert.Throws<InterpException>(() => AtomsEvalInput.Open(At("sae"), At("store"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_evaluation_leaves_no_tensor_alive()
    {
        SyntheticFeatures.Write(At("store"), 400, 8, 12, 2).Dispose();
        WriteIdentity(8, "h");
        LiveTensors.AssertNoGrowth(() =>
        {
            using var input = AtomsEvalInput.Open(At("sae"), At("store"));
            _ = AtomsEvalAnalysis.Run(input, new AtomsEvalOptions());
        });
    }

    /// <summary>A dictionary of both signs of every axis, which reconstructs exactly.</summary>
    private void WriteIdentity(int width, string hook, float threshold = 0)
    {
        using var scope = NewDisposeScope();
        var axes = eye(width);
        using var dictionary = SparseAutoencoder.Create(
            new DictionaryInfo { HookName = hook }, cat([axes, -axes], 1), zeros(2 * width), cat([axes, -axes], 0), zeros(width), full(2 * width, threshold, ScalarType.Float32));
        dictionary.Save(At("sae"));
    }

    private string At(string name) => Path.Combine(_folder, name);
}
