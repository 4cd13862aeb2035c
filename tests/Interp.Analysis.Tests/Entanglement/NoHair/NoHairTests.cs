using Interp.Analysis.Entanglement;
using Interp.Analysis.Entanglement.Attention;
using Interp.Analysis.Entanglement.NoHair;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Training.FineTuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Entanglement.NoHair;

public sealed class NoHairTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-no-hair-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Tuned_clocks_are_compared_with_each_other_and_with_their_controls()
    {
        File.WriteAllText(Path.Combine(_folder, "text.txt"), string.Join('\n', Enumerable.Range(0, 56).Select(start => $"{start} {start + 1} {start + 2}")));
        string[] runs = ["full=" + Tune("full", FineTuneMethod.Full), "lora=" + Tune("lora", FineTuneMethod.Lora)];
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var sources = new AnalysisSources { Model = model, OutputFolder = "" };
        using var outcome = AnalysisCatalogue.Find("entanglement-no-hair").Run(sources, new NoHairOptions { Runs = runs, Prompts = 6, Draws = 50 });
        var result = (NoHairResult)outcome.Result;
        Assert.Equal(1 + (2 * 4), result.Runs.Count);
        Assert.Equal([RunKind.Base, RunKind.Tuned, RunKind.RandomDense, RunKind.RandomLowRank, RunKind.PermutedRows], result.Runs.Take(5).Select(run => run.Kind));
        var between = Assert.Single(result.Pairs, pair => pair.Internal is not null);
        Assert.Equal(("full", "lora"), (between.First, between.Second));
        Assert.Equal(between.External, result.BetweenMethods, 1e-12);
        Assert.Equal(between.External / between.Internal!.Value, result.Index!.Value, 1e-12);
        Assert.InRange(result.Index!.Value, result.IndexLow!.Value, result.IndexHigh!.Value);
        Assert.Equal(result.BetweenMethods < result.BetweenPrompts && result.BetweenMethods < result.RandomUpdates, result.IsSupported);
        Assert.Equal(4, result.Profiles.Count);
        Assert.Contains(result.Profiles, profile => profile.Name == "lora: blocks.0.attn.W_V" && profile.Rank == 2);
        Assert.All(outcome.Figures, figure => Assert.False(string.IsNullOrEmpty(figure.Layout.YAxis[0].Title.Text)));

        // Every control has the norm of the update that it stands for.
        Assert.All(result.Runs.Skip(2).Take(3), run => Assert.Equal(result.Runs[1].UpdateNorm, run.UpdateNorm));
        Assert.True(result.Runs[1].UpdateNorm > 0);
    }

    [Fact]
    public void Updates_that_mean_nothing_have_the_norm_and_rank_of_the_real_one()
    {
        using var scope = NewDisposeScope();
        var adapter = Tune("lora", FineTuneMethod.Lora);
        var path = Checkout.PathOf("models", "clock-59");
        using var model = LanguageModel.Load(path);
        using var tuned = LanguageModel.Load(path, new ModelLoadOptions { Adapter = adapter });
        using var updates = WeightUpdates.Of(model, tuned);
        Assert.Equal(["blocks.0.attn.W_Q", "blocks.0.attn.W_V"], updates.Changes.Keys.Order());
        foreach (var kind in new[] { RunKind.RandomDense, RunKind.RandomLowRank, RunKind.PermutedRows })
        {
            using var copy = LanguageModel.Load(path);
            updates.AddControl(copy, kind, 3);
            using var again = WeightUpdates.Of(model, copy);
            Assert.Equal(updates.Changes.Keys.Order(), again.Changes.Keys.Order());
            Assert.Equal(updates.RelativeNorm, again.RelativeNorm, 1e-5);
        }
    }

    [Fact]
    public void Distances_are_the_root_mean_square_over_what_each_cut_allows()
    {
        var bounds = RunDistances.Bounds(SiteChain.Of(4, 4));
        EntanglementOracle.AssertClose([Math.Log(2), Math.Log(4), Math.Log(2)], bounds, 1e-12);
        double[] zero = [0, 0, 0, 0, 0, 0];
        double[] one = [Math.Log(2), 0, 0, 0, Math.Log(4), 0];
        Assert.Equal(Math.Sqrt(2.0 / 6), RunDistances.Profiles(zero, one, bounds), 1e-12);
        using var outputs = RandomTensor.Normal(20, 6).unsqueeze(0);
        using var doubled = outputs * 2;
        var (cosine, distance, alignment) = RunDistances.Outputs(outputs, doubled);
        Assert.Equal((1.0, 1.0, 1.0), (Math.Round(cosine, 9), Math.Round(distance, 9), Math.Round(alignment, 9)));
    }

    [Fact]
    public void One_run_or_a_run_of_another_model_is_refused()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var input = new AttentionPrompts(model, [[1, 2, 59], [3, 4, 59]], []);
        Assert.Contains("two at least", Assert.Throws<InterpException>(() => NoHairAnalysis.Run(input, new NoHairOptions { Runs = ["a=b"] })).Message, StringComparison.Ordinal);
        Assert.Throws<InterpException>(() => TunedRuns.Parse(["a=b", "a=c"]));
    }

    private string Tune(string name, FineTuneMethod method)
    {
        var text = Path.Combine(_folder, "text.txt");
        if (!File.Exists(text))
        {
            File.WriteAllText(text, string.Join('\n', Enumerable.Range(0, 56).Select(start => $"{start} {start + 1} {start + 2}")));
        }

        var folder = Path.Combine(_folder, name);
        var options = new FineTuneOptions { Method = method, Rows = TextRows.Lines, Length = 3, Steps = 5, BatchSize = 8, Rank = 2, LearningRate = 1e-2 };
        FineTuneRun.Run(Checkout.PathOf("models", "clock-59"), text, folder, options);
        return folder;
    }
}
