using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>
/// Language modelling: the cross-entropy of the next token over the positions at which one is asked for, on rows prepared before.
/// What is trained is the caller's choice: all weights of a <see cref="TrainableModel"/>, or an adapter's.
/// </summary>
/// <param name="parameters">The tensors to train, by name; the caller keeps owning them.</param>
/// <param name="logits">int64 ids [batch, position] to logits [batch, position, d_vocab] with their graph, in the current dispose scope.</param>
/// <param name="train">The training rows; the caller keeps owning them.</param>
/// <param name="heldOut">The held-out rows; the caller keeps owning them.</param>
public sealed class TokenObjective(
    IReadOnlyDictionary<string, Tensor> parameters, Func<Tensor, Tensor> logits, TokenRows train, TokenRows heldOut) : ITrainingObjective
{
    private const int RowsAtOnce = 64;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Parameters => parameters;

    /// <inheritdoc/>
    public int ExampleCount => train.Count;

    /// <inheritdoc/>
    public (Tensor Loss, Tensor Accuracy) Loss(Tensor? examples)
    {
        var (loss, right, asked) = Measure(examples is null ? train : train.Select(examples));
        return (loss / asked, right / asked);
    }

    /// <inheritdoc/>
    public (double Loss, double Accuracy) Evaluate(CancellationToken cancellation = default) => Evaluate(heldOut, cancellation);

    /// <summary>The mean loss (nats) and the accuracy (0–1) over the asked positions of any rows.</summary>
    public (double Loss, double Accuracy) Evaluate(TokenRows rows, CancellationToken cancellation = default)
    {
        using var noGradient = no_grad();
        double losses = 0, rights = 0, count = 0;
        for (var start = 0; start < rows.Count; start += RowsAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (loss, right, asked) = Measure(rows.Slice(start, Math.Min(RowsAtOnce, rows.Count - start)));
            losses += loss.ToDouble();
            rights += right.ToDouble();
            count += asked.ToDouble();
        }

        return (losses / count, rights / count);
    }

    /// <summary>Sums over the asked positions: the loss, the right predictions, the positions.</summary>
    private (Tensor Loss, Tensor Right, Tensor Asked) Measure(TokenRows rows)
    {
        var all = logits(rows.Ids).flatten(0, 1); // [b·p, V]
        var targets = rows.Targets.flatten();
        var loss = nn.functional.cross_entropy(all.to_type(ScalarType.Float32), targets, ignore_index: TokenRows.Ignored, reduction: nn.Reduction.Sum);
        using var noGradient = no_grad();
        var asked = targets.ne(TokenRows.Ignored);
        return (loss, all.argmax(1).eq(targets).logical_and(asked).sum().to_type(ScalarType.Float32), asked.sum().to_type(ScalarType.Float32));
    }
}
