using Interp.Analysis.Lenses.Heads;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Lenses.Heads;

public sealed class HeadsAnalysisTests
{
    private const int Half = 6;
    private const int Vocabulary = 40;

    [Fact]
    public void Masks_are_those_of_their_definitions()
    {
        using var scope = NewDisposeScope();
        int[] ids = [5, 7, 5, 7, 9, 5];
        var input = tensor(ids.Select(id => (long)id).ToArray());
        for (var q = 0; q < ids.Length; q++)
        {
            for (var k = 0; k < ids.Length; k++)
            {
                Assert.Equal(k == q - 1 ? 1 : 0, HeadPatterns.PreviousToken(6)[q, k].ToDouble());
                Assert.Equal(k < q && ids[k] == ids[q] ? 1 : 0, HeadPatterns.DuplicateToken(input)[q, k].ToDouble());
                Assert.Equal(k > 0 && k <= q && k - 1 < q && ids[k - 1] == ids[q] ? 1 : 0, HeadPatterns.Induction(input)[q, k].ToDouble());
                Assert.Equal(k <= q ? 1.0 / (q + 1) : 0, HeadPatterns.Uniform(6)[q, k].ToDouble(), 15);
            }
        }
    }

    [Fact]
    public void Scores_of_hand_made_patterns_follow_by_hand()
    {
        using var scope = NewDisposeScope();
        var patterns = tensor(new[] { 1, 0, 0, 0.25, 0.75, 0, 0.5, 0.5, 0 }, 1, 3, 3);
        var expected = HeadPatterns.PreviousToken(3);
        var all = ones(3, 3, dtype: ScalarType.Float64);
        Assert.Equal((0.25 + 0.5) / 3, HeadPatterns.Share(patterns, expected, all)[0].ToDouble(), 15);

        // Σ|difference| by query: 1, 0.75 + 0.75, 0.5 + 0.5.
        Assert.Equal(1 - ((1 + 1.5 + 1) / 3), HeadPatterns.Agreement(patterns, expected, all)[0].ToDouble(), 15);
        var withoutFirst = all.clone();
        withoutFirst.select(1, 0).zero_();
        Assert.Equal(0.5 / 1.25, HeadPatterns.Share(patterns, expected, withoutFirst)[0].ToDouble(), 15);
        Assert.Equal(1 - ((0 + 0.75 + 0.5) / 3), HeadPatterns.Agreement(patterns, expected, withoutFirst)[0].ToDouble(), 15);
    }

    [Fact]
    public void A_head_made_to_look_one_back_and_one_made_for_induction_are_found()
    {
        using var model = InductionModel();
        var options = new HeadsOptions { RepeatedTokens = Half, Prompts = 4, Seed = 3 };
        var result = HeadsAnalysis.Run(HeadsInput.Open(new AnalysisSources { Model = model, OutputFolder = "" }, options), options);
        Assert.Equal(2 * Half, result.Tokens);
        var (previous, induction) = (result.Heads[0].Repeated, result.Heads[1].Repeated);

        // The first query has no token before it; queries of the first half have no earlier copy.
        Assert.Equal((2.0 * Half - 1) / (2 * Half), previous.PreviousToken.Mul, 3);
        Assert.InRange(induction.Induction.Mul, 0.45, 0.65);
        Assert.True(induction.Induction.Mul > 4 * result.Uniform.Induction.Mul);
        Assert.True(previous.Induction.Mul < 0.2);
        Assert.InRange(previous.PreviousToken.Abs, 0.8, 1);
        Assert.NotNull(previous.PreviousToken.MulStandardError);
    }

    [Fact]
    public void The_same_seed_gives_the_same_scores_and_nothing_is_left_behind()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("tests", "Interp.Models.Tests", "Data", "tiny", "gpt2"));
        var options = new HeadsOptions { RepeatedTokens = 9, Prompts = 2, ExcludeFirst = true, ExcludeCurrent = true };
        var sources = new AnalysisSources { Model = model, OutputFolder = "" };
        var first = HeadsAnalysis.Run(HeadsInput.Open(sources, options), options);
        LiveTensors.AssertNoGrowth(() =>
        {
            var second = HeadsAnalysis.Run(HeadsInput.Open(sources, options), options);
            Assert.Equal(first.Heads, second.Heads);
            Assert.Equal(first.Uniform, second.Uniform);
        });
        Assert.Equal(model.Config.LayerCount * model.Config.HeadCount, first.Heads.Count);
        Assert.All(first.Heads, head => Assert.InRange(head.Copying!.Value, -1, 1));
        Assert.All(first.Heads, head => Assert.InRange(head.Repeated.NormalisedEntropy, 0, 1));
        Assert.Equal(5, HeadsFigures.Draw(first).Count);
    }

    [Fact]
    public void Copying_is_that_of_the_whole_circuit_from_token_to_token()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("tests", "Interp.Models.Tests", "Data", "tiny", "gpt2"), new ModelLoadOptions { Dtype = ScalarType.Float64 });
        var options = new HeadsOptions { RepeatedTokens = 4, Prompts = 1 };
        var result = HeadsAnalysis.Run(HeadsInput.Open(new AnalysisSources { Model = model, OutputFolder = "" }, options), options);
        using var scope = NewDisposeScope();
        var p = model.Parameters;
        var circuit = p["embed.W_E"].matmul(p["blocks.1.attn.W_V"][2]).matmul(p["blocks.1.attn.W_O"][2]).matmul(p["unembed.W_U"]);
        var values = linalg.eigvals(circuit);
        var expected = values.real.sum().ToDouble() / values.abs().sum().ToDouble();
        Assert.Equal(expected, result.Heads[(1 * model.Config.HeadCount) + 2].Copying!.Value, 4);
    }

    [Fact]
    public void A_text_gives_scores_of_its_own_and_a_short_one_is_refused()
    {
        var folder = SharedFiles.Require("models", "trained", "stories260K");
        using var model = LanguageModel.Load(folder);
        var options = new HeadsOptions { RepeatedTokens = 20, Prompts = 3 };
        var text = SharedFiles.Require("corpora", "tinyshakespeare.txt");
        var result = HeadsAnalysis.Run(HeadsInput.Open(new AnalysisSources { Model = model, OutputFolder = "", TextFile = text }, options), options);
        Assert.Equal(3, result.TextPrompts);
        Assert.All(result.Heads, head => Assert.NotNull(head.Text));
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "Too short.");
        Assert.Throws<InterpException>(() => HeadsInput.Open(new AnalysisSources { Model = model, OutputFolder = "", TextFile = path }, options));
        File.Delete(path);
    }

    /// <summary>Two attention-only layers: head 0 of layer 0 looks one position back and writes what it sees beside the token; layer 1 looks for the token so marked.</summary>
    private static LanguageModel InductionModel()
    {
        const int Positions = 2 * Half;
        const int Width = (2 * Vocabulary) + Positions;
        var config = new ModelConfig
        {
            Family = "hooked_transformer", LayerCount = 2, Width = Width, HeadCount = 1, KeyValueHeadCount = 1, HeadWidth = Vocabulary, MlpWidth = 0,
            VocabularySize = Vocabulary, OutputVocabularySize = Vocabulary, ContextLength = Positions, AttentionScale = 1, Positions = PositionKind.Learned,
        };
        using var scope = NewDisposeScope();
        const float Sharp = 40;
        var weights = new Dictionary<string, Tensor>
        {
            ["embed.W_E"] = cat([eye(Vocabulary), zeros(Vocabulary, Vocabulary + Positions)], 1),
            ["pos_embed.W_pos"] = cat([zeros(Positions, 2 * Vocabulary), eye(Positions)], 1),
            ["unembed.W_U"] = cat([eye(Vocabulary), zeros(Vocabulary + Positions, Vocabulary)], 0),
        };
        foreach (var layer in new[] { 0, 1 })
        {
            foreach (var letter in "QKV")
            {
                weights[$"blocks.{layer}.attn.W_{letter}"] = zeros(1, Width, Vocabulary);
            }

            weights[$"blocks.{layer}.attn.W_O"] = zeros(1, Vocabulary, Width);
        }

        for (var p = 1; p < Positions; p++)
        {
            weights["blocks.0.attn.W_Q"][0, (2 * Vocabulary) + p, p - 1] = Sharp;
        }

        for (var p = 0; p < Positions; p++)
        {
            weights["blocks.0.attn.W_K"][0, (2 * Vocabulary) + p, p] = 1f;
        }

        for (var t = 0; t < Vocabulary; t++)
        {
            weights["blocks.0.attn.W_V"][0, t, t] = 1f;
            weights["blocks.0.attn.W_O"][0, t, Vocabulary + t] = 1f;
            weights["blocks.1.attn.W_Q"][0, t, t] = Sharp;
            weights["blocks.1.attn.W_K"][0, Vocabulary + t, t] = 1f;
        }

        return LanguageModel.Create(config, weights);
    }
}
