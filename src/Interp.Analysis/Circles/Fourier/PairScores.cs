using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>Losses and accuracies of logit tables over all pairs.</summary>
internal sealed class PairScores : IDisposable
{
    private readonly int _modulus;
    private readonly Tensor _answers;
    private readonly Tensor? _train;
    private readonly Tensor? _heldOut;

    /// <summary>Prepares the answers (a + b) mod p.</summary>
    /// <param name="modulus">p.</param>
    /// <param name="trainPairs">The training pairs a·p + b, or null when they are not known.</param>
    public PairScores(int modulus, IReadOnlyList<int>? trainPairs)
    {
        _modulus = modulus;
        _answers = Answers(0).DetachFromDisposeScope();
        if (trainPairs is not null)
        {
            var inTrain = new bool[modulus * modulus];
            foreach (var pair in trainPairs)
            {
                inTrain[pair] = true;
            }

            _train = Pairs(inTrain, wanted: true).DetachFromDisposeScope();
            _heldOut = Pairs(inTrain, wanted: false).DetachFromDisposeScope();
        }
    }

    /// <summary>Mean cross-entropies of logits [p, p, p].</summary>
    public PairLosses Losses(Tensor logits)
    {
        using var scope = NewDisposeScope();
        var losses = nn.functional.cross_entropy(logits.reshape(_modulus * _modulus, -1), _answers, reduction: nn.Reduction.None);
        var all = losses.mean().ToDouble();
        return new PairLosses(
            all,
            _train is null ? all : losses.index_select(0, _train).mean().ToDouble(),
            _heldOut is null ? null : losses.index_select(0, _heldOut).mean().ToDouble());
    }

    /// <summary>The share of pairs whose greatest logit is (a + b + shift) mod p.</summary>
    public double Accuracy(Tensor logits, int shift = 0)
    {
        using var scope = NewDisposeScope();
        return logits.reshape(_modulus * _modulus, -1).argmax(1).eq(Answers(shift)).to_type(ScalarType.Float64).mean().ToDouble();
    }

    /// <summary>The same on the held-out pairs only; NaN when they are not known.</summary>
    public double HeldOutAccuracy(Tensor logits)
    {
        using var scope = NewDisposeScope();
        return _heldOut is null
            ? double.NaN
            : logits.reshape(_modulus * _modulus, -1).argmax(1).eq(_answers).index_select(0, _heldOut).to_type(ScalarType.Float64).mean().ToDouble();
    }

    /// <summary>The share of rows c of logits [p, p] whose greatest logit is c.</summary>
    public double AnswerAccuracy(Tensor logits)
    {
        using var scope = NewDisposeScope();
        return logits.argmax(1).eq(arange(_modulus, dtype: ScalarType.Int64)).to_type(ScalarType.Float64).mean().ToDouble();
    }

    /// <summary>The right answers' logits.</summary>
    /// <returns>[p, p], in the current dispose scope.</returns>
    public Tensor CorrectLogits(Tensor logits) =>
        logits.reshape(_modulus * _modulus, -1).gather(1, _answers.unsqueeze(1)).reshape(_modulus, _modulus);

    /// <summary>Frees the index tensors.</summary>
    public void Dispose()
    {
        _answers.Dispose();
        _train?.Dispose();
        _heldOut?.Dispose();
    }

    private static Tensor Pairs(bool[] inTrain, bool wanted) =>
        tensor(Enumerable.Range(0, inTrain.Length).Where(pair => inTrain[pair] == wanted).Select(pair => (long)pair).ToArray());

    private Tensor Answers(int shift)
    {
        using var scope = NewDisposeScope();
        var number = arange(_modulus, dtype: ScalarType.Int64);
        return (number.unsqueeze(1) + number.unsqueeze(0) + shift).remainder(_modulus).reshape(-1).MoveToOuterDisposeScope();
    }
}
