using Interp.Compute;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// Trains any number of dictionaries side by side on one stream of batches. Each has its own weights, optimiser, counters and saved state; a
/// batch is a function of its step alone, so none of them notices the others, and each goes on from its own last saved step.
/// </summary>
internal sealed class AtomsTrainer(TrainingRows rows, IReadOnlyList<DictionaryLearner> learners, AtomsOptions options)
{
    private readonly Dictionary<DictionaryLearner, string> _failures = [];

    /// <summary>What stopped a dictionary of several; the others went on.</summary>
    public IReadOnlyDictionary<DictionaryLearner, string> Failures => _failures;

    /// <summary>Trains all of them to the end.</summary>
    /// <param name="save">Called where a dictionary's state is to be saved.</param>
    /// <param name="progress">Receives every step with the first dictionary's loss.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="InterpException">The only dictionary, or every one of several, failed.</exception>
    public void Run(Action<DictionaryLearner> save, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var size = learners[0].Options.BatchSize;
        using var batches = new BatchPrefetcher(rows, size, options.Steps);
        for (var step = learners.Min(learner => learner.Step); step < options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var batch = batches.Take(step);
            var loss = double.NaN;
            foreach (var learner in learners.Where(learner => learner.Step == step && !_failures.ContainsKey(learner)))
            {
                var own = TakeStep(learner, batch, cancellation);
                loss = double.IsNaN(loss) ? own : loss;
                if (!_failures.ContainsKey(learner) && new TrainingSchedule(learner.Options).SavesAfter(step))
                {
                    save(learner);
                }
            }

            progress?.Report(new StepProgress(learners.Count == 1 ? "train dictionary" : $"train {learners.Count} dictionaries", step + 1, options.Steps, "steps") { Value = loss, ValueName = "loss" });
        }
    }

    /// <summary>One that fails must not take the others with it.</summary>
    private double TakeStep(DictionaryLearner learner, TrainingBatch batch, CancellationToken cancellation)
    {
        try
        {
            return learner.TakeStep(batch, cancellation);
        }
        catch (InterpException e) when (_failures.Count + 1 < learners.Count)
        {
            _failures.Add(learner, e.Message);
            return double.NaN;
        }
    }
}
