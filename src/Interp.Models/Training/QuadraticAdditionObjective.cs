using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>
/// Modular addition by a network without attention: logits = (W_a[a] + W_b[b])²·W_out, squared error against the one-hot answer,
/// averaged over batch and answers. Its trained neurons are known in closed form, which makes it a check of every measure.
/// </summary>
/// <remarks>Source: Gromov, arXiv 2301.02679; the optimum: Morwani et al., arXiv 2311.07568.</remarks>
public sealed class QuadraticAdditionObjective : ITrainingObjective, IDisposable
{
    private readonly int _modulus;
    private readonly PairBatch _train;
    private readonly PairBatch _test;

    /// <summary>Prepares the examples of a split.</summary>
    /// <param name="parameters">W_a and W_b [p, M], W_out [M, p]; the caller keeps owning them.</param>
    /// <param name="split">The training and test pairs.</param>
    public QuadraticAdditionObjective(IReadOnlyDictionary<string, Tensor> parameters, ModularAdditionSplit split)
    {
        Parameters = parameters;
        _modulus = split.Modulus;
        _train = PairBatch.Create(split.Train, _modulus, parameters["W_out"]);
        _test = PairBatch.Create(split.Test, _modulus, parameters["W_out"]);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <inheritdoc/>
    public int ExampleCount => (int)_train.Answers.shape[0];

    /// <summary>The split and the initial weights of a seed, drawn from one source: the split, then W_a, W_b and W_out row by row.</summary>
    /// <param name="modulus">p.</param>
    /// <param name="neurons">M.</param>
    /// <param name="trainFraction">The share of all p² pairs that is trained on, 0–1.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The split, and float32 CPU tensors owned by the caller.</returns>
    public static (ModularAdditionSplit Split, IReadOnlyDictionary<string, Tensor> Parameters) Start(int modulus, int neurons, double trainFraction, long seed)
    {
        var random = ModularAdditionSplit.RandomFor(seed);
        var split = ModularAdditionSplit.Draw(modulus, trainFraction, random);
        var inputDeviation = 1 / Math.Sqrt(2.0 * modulus);
        return (split, new Dictionary<string, Tensor>
        {
            ["W_a"] = InitialWeights.Normal(random, inputDeviation, modulus, neurons),
            ["W_b"] = InitialWeights.Normal(random, inputDeviation, modulus, neurons),
            ["W_out"] = InitialWeights.Normal(random, 1 / Math.Sqrt(neurons), neurons, modulus),
        });
    }

    /// <inheritdoc/>
    public (Tensor Loss, Tensor Accuracy) Loss(Tensor? examples) => Measure(examples is null ? _train : _train.Select(examples));

    /// <inheritdoc/>
    public (double Loss, double Accuracy) Evaluate(CancellationToken cancellation = default)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (loss, accuracy) = Measure(_test);
        return (loss.ToDouble(), accuracy.ToDouble());
    }

    /// <summary>Frees the examples; the parameters stay.</summary>
    public void Dispose()
    {
        _train.Dispose();
        _test.Dispose();
    }

    private (Tensor Loss, Tensor Accuracy) Measure(PairBatch batch)
    {
        var input = batch.First.matmul(Parameters["W_a"]) + batch.Second.matmul(Parameters["W_b"]);
        var logits = input.square().matmul(Parameters["W_out"]);
        var targets = PairBatch.OneHot(batch.Answers, _modulus, logits);
        return ((logits - targets).square().mean(), batch.Accuracy(logits));
    }
}
