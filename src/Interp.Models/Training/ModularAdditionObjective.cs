using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>
/// Modular addition for a model of <see cref="ModularAdditionShape"/>, with a forward pass that computes only what the last
/// position needs: queries, keys and values depend on token and position alone, so they are tables of p rows that are gathered.
/// </summary>
/// <remarks>The logits equal those of <c>LanguageModel.Run</c> to float32 rounding; a test holds them together.</remarks>
public sealed class ModularAdditionObjective : ITrainingObjective, IDisposable
{
    private readonly ModularAdditionShape _shape;
    private readonly PairBatch _train;
    private readonly PairBatch _test;

    /// <summary>Prepares the examples of a split.</summary>
    /// <param name="shape">The model's sizes.</param>
    /// <param name="parameters">The model's parameters under TransformerLens's names; the caller keeps owning them.</param>
    /// <param name="split">The training and test pairs.</param>
    public ModularAdditionObjective(ModularAdditionShape shape, IReadOnlyDictionary<string, Tensor> parameters, ModularAdditionSplit split)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(split.Modulus, shape.Modulus);
        _shape = shape;
        Parameters = parameters;
        _train = PairBatch.Create(split.Train, shape.Modulus, parameters["embed.W_E"]);
        _test = PairBatch.Create(split.Test, shape.Modulus, parameters["embed.W_E"]);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <inheritdoc/>
    public int ExampleCount => (int)_train.Answers.shape[0];

    /// <inheritdoc/>
    public (Tensor Loss, Tensor Accuracy) Loss(Tensor? examples) => Measure(examples is null ? _train : _train.Select(examples));

    /// <inheritdoc/>
    public (double Loss, double Accuracy) Evaluate(CancellationToken cancellation = default) => Evaluate(_test);

    /// <summary>The mean loss (nats) and the accuracy (0–1) on all training examples.</summary>
    public (double Loss, double Accuracy) EvaluateTraining() => Evaluate(_train);

    /// <summary>The last position's logits.</summary>
    /// <param name="first">a, int64 [batch].</param>
    /// <param name="second">b, int64 [batch].</param>
    /// <returns>[batch, p], owned by the caller, with its graph where the parameters record one.</returns>
    public Tensor Logits(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        Tensor Rows(Tensor numbers) => PairBatch.OneHot(numbers, _shape.Modulus, Parameters["embed.W_E"]);
        return LogitsOfRows(Rows(first), Rows(second)).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the examples; the parameters stay.</summary>
    public void Dispose()
    {
        _train.Dispose();
        _test.Dispose();
    }

    /// <summary>The logits of prompts given as rows of the identity.</summary>
    private Tensor LogitsOfRows(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        int p = _shape.Modulus, d = _shape.Width, heads = _shape.HeadCount, width = _shape.HeadWidth;
        var embedding = Parameters["embed.W_E"];
        var positions = Parameters["pos_embed.W_pos"];
        var equals = embedding[p] + positions[2];
        var numbers = embedding.narrow(0, 0, p);

        // The query is the same for all prompts, so q·k is linear in the key's residual: u = W_K q / √h, [d, H].
        var query = equals.matmul(Parameters["blocks.0.attn.W_Q"]).unsqueeze(-1);
        var probe = Parameters["blocks.0.attn.W_K"].matmul(query).squeeze(-1).t() / Math.Sqrt(width);
        var values = Parameters["blocks.0.attn.W_V"].permute(1, 0, 2).reshape(d, heads * width);
        var reads = cat([probe, values], 1); // [d, H + H·h]
        var ofFirst = first.matmul((numbers + positions[0]).matmul(reads));
        var ofSecond = second.matmul((numbers + positions[1]).matmul(reads));
        var ofEquals = equals.matmul(reads).unsqueeze(0);

        Tensor Scores(Tensor read) => read.narrow(1, 0, heads);
        Tensor Values(Tensor read) => read.narrow(1, heads, heads * width).reshape(-1, heads, width);
        var scores = stack([Scores(ofFirst), Scores(ofSecond), Scores(ofEquals).expand(first.shape[0], heads)], 1);
        var pattern = scores.softmax(1).unsqueeze(-1); // [b, 3, H, 1]
        var mixed = (pattern.select(1, 0) * Values(ofFirst)) + (pattern.select(1, 1) * Values(ofSecond)) + (pattern.select(1, 2) * Values(ofEquals));

        var middle = mixed.reshape(-1, heads * width).matmul(Parameters["blocks.0.attn.W_O"].reshape(heads * width, d)) + equals;
        var neurons = middle.matmul(Parameters["blocks.0.mlp.W_in"]).relu();
        var last = middle + neurons.matmul(Parameters["blocks.0.mlp.W_out"]);
        return last.matmul(Parameters["unembed.W_U"]).MoveToOuterDisposeScope();
    }

    private (Tensor Loss, Tensor Accuracy) Measure(PairBatch batch)
    {
        var logits = LogitsOfRows(batch.First, batch.Second);

        // In float32 the gradient of a right answer rounds to 0 or 6e-8 once the loss is below 1e-7; the noise then wrecks the model.
        var loss = nn.functional.cross_entropy(logits.to_type(ScalarType.Float64), batch.Answers);
        return (loss, batch.Accuracy(logits));
    }

    private (double Loss, double Accuracy) Evaluate(PairBatch batch)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (loss, accuracy) = Measure(batch);
        return (loss.ToDouble(), accuracy.ToDouble());
    }
}
