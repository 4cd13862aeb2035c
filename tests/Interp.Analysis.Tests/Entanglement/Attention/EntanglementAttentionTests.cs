using System.Text.Json;
using Interp.Analysis.Entanglement;
using Interp.Analysis.Entanglement.Attention;
using Interp.Compute;
using Interp.Compute.LinearAlgebra;
using Interp.Models;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Entanglement.Attention;

public sealed class EntanglementAttentionTests
{
    private const double Rounding = 1e-9;

    /// <summary>Float32 patterns of one prompt and of three at a time, whose products may sum in another order.</summary>
    private const double OfPatterns = 1e-6;

    [Fact]
    public void Every_head_of_the_shipped_model_has_the_mean_entropy_of_its_own_patterns()
    {
        using var scope = NewDisposeScope();
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var options = new EntanglementAttentionOptions { Prompts = 3 };
        var input = AttentionPrompts.Open(new AnalysisSources { Model = model, OutputFolder = "" }, options);
        var result = EntanglementAttentionAnalysis.Run(input, options);
        Assert.Equal(4, result.Profiles.Count);
        Assert.Equal((3, 3), (result.Tokens, result.Prompts));
        Assert.All(input.Prompts, prompt => Assert.Equal(59, prompt[2]));

        var ids = stack(input.Prompts.Select(prompt => tensor(prompt, dtype: ScalarType.Int64)).ToArray());
        using var run = model.Run(ids, new RunOptions { Capture = HookFilter.Matching("blocks.0.attn.hook_pattern") });
        var patterns = run.Cache["blocks.0.attn.hook_pattern"].to(ScalarType.Float64);
        for (var head = 0; head < 4; head++)
        {
            var expected = Enumerable.Range(0, 3).Average(prompt =>
            {
                var weights = linalg.svdvals(patterns[prompt, head]).square().ToVector();
                return weights.Select(weight => weight / weights.Sum()).Sum(p => p > 0 ? -p * Math.Log(p) : 0);
            });
            var profile = result.Profiles[head];
            Assert.Equal($"blocks.0.attn.hook_pattern.{head}", profile.Name);
            Assert.Equal((1, 1), (profile.Boundary, profile.Entropies.Length));
            Assert.Equal(expected, profile.Entropies[0], OfPatterns);
            Assert.Equal(patterns.select(1, head).select(2, 0).mean().item<double>(), profile.FirstMass!.Value, OfPatterns);
        }
    }

    [Fact]
    public void The_catalogue_runs_it_with_figures_and_the_same_seed_gives_the_same_bytes()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var sources = new AnalysisSources { Model = model, OutputFolder = "" };
        var entry = AnalysisCatalogue.Find("entanglement-attention");
        using var outcome = entry.Run(sources, new EntanglementAttentionOptions());
        using var again = entry.Run(sources, new EntanglementAttentionOptions());
        var json = JsonSerializer.Serialize(outcome.Result, outcome.Result.GetType(), ResultJson.Options);
        Assert.Equal(json, JsonSerializer.Serialize(again.Result, again.Result.GetType(), ResultJson.Options));
        Assert.Contains(outcome.Figures, figure => figure.Name == "head-map");
        Assert.All(outcome.Figures, figure => Assert.False(string.IsNullOrEmpty(figure.Layout.YAxis[0].Title.Text)));
        using var document = JsonDocument.Parse(json);
        var profile = document.RootElement.GetProperty("profiles")[0];
        foreach (var key in (string[])["name", "rows", "columns", "sites", "boundary", "entropies", "renyi2", "nullGaussian", "nullLowRank", "nullSpectrum", "rank"])
        {
            Assert.True(profile.TryGetProperty(key, out _), key);
        }

        using var scores = entry.Run(sources, new EntanglementAttentionOptions { State = AttentionState.Scores });
        Assert.All(((EntanglementAttentionResult)scores.Result).Profiles, head => Assert.Null(head.FirstMass));
    }

    [Fact]
    public void A_model_without_a_task_reads_pieces_of_a_text()
    {
        var folder = SharedFiles.Require("models", "trained");
        var path = Directory.EnumerateDirectories(folder).FirstOrDefault(model => Models.Tokenization.Tokenizer.TryLoad(model) is not null);
        Assert.SkipWhen(path is null, "no trained model with a tokenizer is among the reference data");
        using var model = LanguageModel.Load(path!);
        var text = Path.Combine(Directory.CreateTempSubdirectory("interp-text-").FullName, "text.txt");
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("The first sentence is followed by another one, and then by a third. ", 200)));
        var options = new EntanglementAttentionOptions { Length = 70, Prompts = 2, ShortestPrefix = 8 };
        using var outcome = AnalysisCatalogue.Find("entanglement-attention").Run(new AnalysisSources { Model = model, TextFile = text, OutputFolder = "" }, options);
        var result = (EntanglementAttentionResult)outcome.Result;
        Assert.Equal((64, 2), (result.Tokens, result.Prompts));
        Assert.Equal([8, 16, 32, 64], result.Lengths);
        Assert.Equal(model.Config.LayerCount * model.Config.HeadCount, result.Profiles.Count);
        Assert.All(result.Profiles, profile =>
        {
            Assert.Equal(11, profile.Entropies.Length);
            Assert.Equal(profile.Entropies[5], profile.PrefixEntropies[^1], Rounding);
            Assert.Equal(7, profile.Fits.Count);
        });
        Directory.Delete(Path.GetDirectoryName(text)!, recursive: true);
    }

    [Fact]
    public void Hostile_input_is_refused_in_one_line()
    {
        Assert.Throws<InterpException>(() => AttentionPrompts.Open(new AnalysisSources { OutputFolder = "" }, new EntanglementAttentionOptions()));
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        Assert.Throws<InterpException>(() => AttentionPrompts.Open(new AnalysisSources { Model = model, TextFile = "/nowhere/at-all.txt", OutputFolder = "" }, new EntanglementAttentionOptions()));
        Assert.Equal([false, true, true, false, true], new[] { 1, 2, 3, 11, 64 }.Select(AttentionPrompts.IsSmooth));
        var one = new AttentionPrompts(model, [[3]], []);
        Assert.Throws<InterpException>(() => EntanglementAttentionAnalysis.Run(one, new EntanglementAttentionOptions()));
    }

    [Fact]
    public void A_cancelled_run_stops_and_no_tensor_is_left_behind()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var input = new AttentionPrompts(model, [[3, 4, 59], [1, 2, 59]], []);
        Assert.Throws<OperationCanceledException>(() => EntanglementAttentionAnalysis.Run(input, new EntanglementAttentionOptions(), null, new CancellationToken(true)));
        LiveTensors.AssertNoGrowth(() => EntanglementAttentionAnalysis.Run(input, new EntanglementAttentionOptions()));
    }
}
