namespace Interp.Models.Training;

/// <summary>A recipe's objective at its initial weights, with its training examples measured as the held-out ones are.</summary>
/// <remarks>While it is open, torch computes on one core, so that what is trained does not depend on how many there are.</remarks>
public sealed class RecipeObjective : IDisposable
{
    private readonly Func<CancellationToken, (double Loss, double Accuracy)> _evaluateTraining;
    private readonly IReadOnlyList<IDisposable> _owned;
    private readonly SingleThread _oneCore = new();

    internal RecipeObjective(ITrainingObjective objective, Func<CancellationToken, (double Loss, double Accuracy)> evaluateTraining, IReadOnlyList<IDisposable> owned) =>
        (Objective, _evaluateTraining, _owned) = (objective, evaluateTraining, owned);

    /// <summary>What is minimised; its parameters are live.</summary>
    public ITrainingObjective Objective { get; }

    /// <summary>The mean loss (nats) and the accuracy (0–1) on the questions that training may see.</summary>
    public (double Loss, double Accuracy) EvaluateTraining(CancellationToken cancellation = default) => _evaluateTraining(cancellation);

    /// <summary>Frees the weights and the examples.</summary>
    public void Dispose()
    {
        foreach (var part in _owned)
        {
            part.Dispose();
        }

        _oneCore.Dispose();
    }
}
