using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>What the trainer minimises: parameters, numbered training examples and a held-out set.</summary>
public interface ITrainingObjective
{
    /// <summary>The tensors to train, by name; live and updated in place.</summary>
    IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <summary>How many training examples there are.</summary>
    int ExampleCount { get; }

    /// <summary>The mean loss of training examples with its graph, and how many of its predictions are right.</summary>
    /// <param name="examples">int64 [batch], indices of training examples, or null for all of them in order.</param>
    /// <returns>Scalars in the current dispose scope.</returns>
    (Tensor Loss, Tensor Accuracy) Loss(Tensor? examples);

    /// <summary>The mean loss (nats) and the accuracy (0–1) on all held-out examples.</summary>
    (double Loss, double Accuracy) Evaluate(CancellationToken cancellation = default);

    /// <summary>Called after each step with the parameters as it left them, to look on or to keep a copy.</summary>
    void AfterStep(int step)
    {
    }
}
