using Interp.Models.Training;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Training;

public sealed class ModularAdditionObjectiveTests
{
    /// <summary>float32 against float64 over a few matrix products of width 32.</summary>
    private const double Tolerance = 1e-5;

    private static readonly ModularAdditionShape s_shape = new(Modulus: 7, Width: 8, HeadCount: 2, MlpWidth: 12);

    private static readonly ModelConfig s_config = new()
    {
        Family = "hooked_transformer",
        LayerCount = 1,
        Width = 8,
        HeadCount = 2,
        KeyValueHeadCount = 2,
        HeadWidth = 4,
        MlpWidth = 12,
        VocabularySize = 8,
        OutputVocabularySize = 7,
        ContextLength = 3,
        Norm = NormKind.None,
        Positions = PositionKind.Learned,
        AttentionScale = 0.5,
        Activation = ActivationFunction.Relu,
    };

    [Fact]
    public void Logits_equal_those_of_plain_attention_over_three_positions()
    {
        using var scope = NewDisposeScope();
        var parameters = s_shape.Initialize(ModularAdditionSplit.RandomFor(4));
        var split = ModularAdditionSplit.Create(7, 0.5, seed: 4);
        using var objective = new ModularAdditionObjective(s_shape, parameters, split);
        var first = tensor(new long[] { 0, 3, 6, 2 });
        var second = tensor(new long[] { 1, 3, 0, 5 });

        using var logits = objective.Logits(first, second);
        var expected = SlowLogits(parameters, first, second);
        Assert.Equal([4, 7], logits.shape);
        Assert.True(logits.allclose(expected.to_type(ScalarType.Float32), rtol: 0, atol: Tolerance));
        DisposeAll(parameters);
    }

    [Fact]
    public void Logits_equal_those_of_the_engine()
    {
        using var scope = NewDisposeScope();
        var parameters = s_shape.Initialize(ModularAdditionSplit.RandomFor(4));
        using var objective = new ModularAdditionObjective(s_shape, parameters, ModularAdditionSplit.Create(7, 0.5, seed: 4));
        using var model = LanguageModel.Create(s_config, parameters);
        var first = arange(7, dtype: ScalarType.Int64).repeat_interleave(7);
        var second = arange(7, dtype: ScalarType.Int64).repeat(7);
        using var result = model.Run(stack([first, second, full_like(first, 7)], 1), new RunOptions { ReturnLogits = LogitPositions.Last });
        Assert.True(result.Logits!.squeeze(1).allclose(objective.Logits(first, second), rtol: 0, atol: Tolerance));
        DisposeAll(parameters);
    }

    [Fact]
    public void Initial_weights_have_the_stated_shapes_and_deviations()
    {
        var shape = new ModularAdditionShape(59, 64, 4, 256);
        using var scope = NewDisposeScope();
        var parameters = shape.Initialize(ModularAdditionSplit.RandomFor(1));
        Assert.Equal(56_960, parameters.Values.Sum(parameter => parameter.numel()));
        Assert.Equal([60, 64], parameters["embed.W_E"].shape);
        Assert.Equal([4, 64, 16], parameters["blocks.0.attn.W_Q"].shape);
        Assert.Equal([4, 16, 64], parameters["blocks.0.attn.W_O"].shape);

        // The deviation of n normal draws is off by about 1/√(2n): 1 % for the smallest of these.
        Assert.Equal(1 / 8.0, parameters["embed.W_E"].std().ToDouble(), 0.006);
        Assert.Equal(1 / 16.0, parameters["blocks.0.mlp.W_out"].std().ToDouble(), 0.002);
        Assert.Equal(1 / Math.Sqrt(59), parameters["unembed.W_U"].std().ToDouble(), 0.004);
        DisposeAll(parameters);
    }

    [Fact]
    public void Heads_are_the_columns_of_the_drawn_matrices()
    {
        using var scope = NewDisposeScope();
        var random = ModularAdditionSplit.RandomFor(4);
        var parameters = s_shape.Initialize(ModularAdditionSplit.RandomFor(4));

        // The draws before W_Q: embedding [8, 8] and positions [3, 8].
        for (var i = 0; i < 64 + 24; i++)
        {
            _ = random.NextNormal();
        }

        var drawn = Enumerable.Range(0, 64).Select(_ => (float)(random.NextNormal() / Math.Sqrt(8))).ToArray();
        using var queries = parameters["blocks.0.attn.W_Q"];
        for (var row = 0; row < 8; row++)
        {
            for (var column = 0; column < 8; column++)
            {
                Assert.Equal(drawn[(row * 8) + column], queries[column / 4, row, column % 4].ToSingle());
            }
        }

        DisposeAll(parameters);
    }

    [Fact]
    public void Loss_and_accuracy_of_chosen_examples_are_their_means()
    {
        using var scope = NewDisposeScope();
        var parameters = s_shape.Initialize(ModularAdditionSplit.RandomFor(4));
        var split = ModularAdditionSplit.Create(7, 0.5, seed: 4);
        using var objective = new ModularAdditionObjective(s_shape, parameters, split);
        var (whole, _) = objective.Loss(null);
        var singles = Enumerable.Range(0, objective.ExampleCount)
            .Average(i => objective.Loss(tensor(new long[] { i })).Loss.ToDouble());
        Assert.Equal(24, objective.ExampleCount);
        Assert.Equal(singles, whole.ToDouble(), Tolerance);
        Assert.Equal(whole.ToDouble(), objective.EvaluateTraining().Loss, Tolerance);
        DisposeAll(parameters);
    }

    /// <summary>The definition in float64: every position, a causal softmax, one head at a time.</summary>
    private static Tensor SlowLogits(Dictionary<string, Tensor> parameters, Tensor first, Tensor second)
    {
        Tensor Weight(string name) => parameters[name].to_type(ScalarType.Float64);
        var tokens = stack([first, second, full_like(first, 7)], 1);
        var residual = Weight("embed.W_E")[tokens] + Weight("pos_embed.W_pos");
        var mask = ones(3, 3, dtype: ScalarType.Bool).triu(1);
        var attention = zeros_like(residual);
        for (var head = 0; head < 2; head++)
        {
            var query = residual.matmul(Weight("blocks.0.attn.W_Q")[head]);
            var key = residual.matmul(Weight("blocks.0.attn.W_K")[head]);
            var value = residual.matmul(Weight("blocks.0.attn.W_V")[head]);
            var scores = query.matmul(key.transpose(1, 2)) / Math.Sqrt(4);
            var pattern = scores.masked_fill(mask, double.NegativeInfinity).softmax(-1);
            attention += pattern.matmul(value).matmul(Weight("blocks.0.attn.W_O")[head]);
        }

        residual += attention;
        residual += residual.matmul(Weight("blocks.0.mlp.W_in")).relu().matmul(Weight("blocks.0.mlp.W_out"));
        return residual.matmul(Weight("unembed.W_U")).select(1, 2);
    }

    private static void DisposeAll(Dictionary<string, Tensor> parameters)
    {
        foreach (var parameter in parameters.Values)
        {
            parameter.Dispose();
        }
    }
}
