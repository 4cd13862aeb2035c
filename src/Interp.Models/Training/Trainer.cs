using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>
/// The training loop: AdamW on a seeded order of batches, evaluations at fixed steps, a countdown after a target accuracy, and
/// checkpoints from which it goes on bit for bit.
/// </summary>
public static class Trainer
{
    /// <summary>The accuracy on a step's batch from which it counts as memorised.</summary>
    private const double MemorizedAccuracy = 0.999;

    /// <summary>Trains the objective's parameters in place.</summary>
    /// <param name="objective">What is minimised; on return its parameters hold the trained weights and record no gradients.</param>
    /// <param name="options">The optimiser, the batches and the stop rule.</param>
    /// <param name="checkpoints">Where to keep the state, or null to keep none.</param>
    /// <param name="progress">Receives every step with its loss.</param>
    /// <param name="cancellation">Stops after the current step; with <paramref name="checkpoints"/> the state is written first.</param>
    /// <returns>The history. The same seed, options and device give the same weights bit for bit.</returns>
    /// <exception cref="InterpException">The loss stopped being a number, or the saved state belongs to another run.</exception>
    /// <remarks>Memory: the parameters four times (weights, gradients, two moments) and one step's graph.</remarks>
    public static TrainingResult Run(
        ITrainingObjective objective,
        TrainingOptions options,
        CheckpointPolicy? checkpoints = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        Compute.Options.OptionsSchema.Validate(options);
        using var scope = NewDisposeScope();
        using var optimizer = new AdamW(objective.Parameters, options.Optimizer);
        var run = new Loop(objective, options, optimizer, checkpoints);
        run.Resume();
        var recorded = objective.Parameters.Values.Where(parameter => !parameter.requires_grad).ToArray();
        try
        {
            foreach (var parameter in recorded)
            {
                parameter.requires_grad_(true);
            }

            return run.Finish(progress, cancellation);
        }
        finally
        {
            foreach (var parameter in recorded)
            {
                parameter.requires_grad_(false);
            }
        }
    }

    /// <summary>One run's moving parts.</summary>
    private sealed class Loop(ITrainingObjective objective, TrainingOptions options, AdamW optimizer, CheckpointPolicy? checkpoints)
    {
        private readonly BatchOrder _batches = new(objective.ExampleCount, options.BatchSize, options.Seed);
        private readonly List<TrainingPoint> _history = [];
        private int? _memorizedStep;

        private int Step => (int)optimizer.StepCount;

        public void Resume()
        {
            if (checkpoints is null || checkpoints.Existing == ExistingState.Replace || !TrainingState.Exists(checkpoints.Folder))
            {
                return;
            }

            var notes = TrainingState.Read(checkpoints.Folder, options, optimizer);
            _batches.Restore(notes.EpochState, notes.EpochPosition);
            _history.AddRange(notes.History);
            _memorizedStep = notes.MemorizedStep;
        }

        public TrainingResult Finish(IProgress<StepProgress>? progress, CancellationToken cancellation)
        {
            var savedStep = Step;
            while (Step < LastStep())
            {
                if (cancellation.IsCancellationRequested)
                {
                    Save(ref savedStep);
                    cancellation.ThrowIfCancellationRequested();
                }

                var (loss, accuracy) = TakeStep();
                if (accuracy >= MemorizedAccuracy)
                {
                    _memorizedStep ??= Step;
                }

                if (Step % options.EvaluateEvery == 0 || Step == options.Steps || Step == LastStep())
                {
                    Evaluate(loss, accuracy, cancellation);
                }

                if (checkpoints is not null && Step % checkpoints.EverySteps == 0)
                {
                    Save(ref savedStep);
                }

                progress?.Report(new StepProgress("train", Step, LastStep(), "steps") { Value = loss, ValueName = "loss" });
            }

            Save(ref savedStep);
            return new TrainingResult
            {
                Steps = Step,
                Stopped = TargetStep() is { } target && Step >= target + options.StepsAfterTarget ? StopReason.TargetReached : StopReason.AllStepsTaken,
                MemorizedStep = _memorizedStep,
                History = _history,
            };
        }

        private (double Loss, double Accuracy) TakeStep()
        {
            using var scope = NewDisposeScope();
            using var recording = enable_grad();
            var (gradients, lossSum, accuracySum) = Pass();
            for (var pass = 1; pass < options.Accumulate; pass++)
            {
                using var inner = NewDisposeScope();
                var (more, loss, accuracy) = Pass();
                using var noGradient = no_grad();
                for (var i = 0; i < gradients.Length; i++)
                {
                    gradients[i].add_(more[i]);
                }

                (lossSum, accuracySum) = (lossSum + loss, accuracySum + accuracy);
            }

            if (options.Accumulate > 1)
            {
                using var noGradient = no_grad();
                foreach (var gradient in gradients)
                {
                    gradient.div_(options.Accumulate);
                }
            }

            optimizer.Step(gradients);
            objective.AfterStep(Step);
            return (lossSum / options.Accumulate, accuracySum / options.Accumulate);
        }

        /// <summary>One batch's gradients, in the present dispose scope.</summary>
        private (Tensor[] Gradients, double Loss, double Accuracy) Pass()
        {
            var examples = _batches.Next() is { } batch ? tensor(batch, device: optimizer.Parameters[0].device) : null;
            var (loss, accuracy) = objective.Loss(examples);
            var value = loss.ToDouble();
            if (!double.IsFinite(value))
            {
                throw new InterpException($"the training loss is {value} at step {Step + 1}: lower the learning rate (now {options.LearningRate})");
            }

            return ([.. autograd.grad([loss], [.. optimizer.Parameters])], value, accuracy.ToDouble());
        }

        private void Evaluate(double loss, double accuracy, CancellationToken cancellation)
        {
            // When this is cancelled, the step has no point and is not saved: the run goes on from the checkpoint before.
            var (heldOutLoss, heldOutAccuracy) = objective.Evaluate(cancellation);
            _history.Add(new TrainingPoint(Step, loss, accuracy, heldOutLoss, heldOutAccuracy, SquaredNorm()));
        }

        private double SquaredNorm()
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            return optimizer.Parameters.Sum(parameter => parameter.to_type(ScalarType.Float64).square().sum().ToDouble());
        }

        private int? TargetStep() => options.TargetAccuracy is { } target
            ? _history.FirstOrDefault(point => point.HeldOutAccuracy >= target)?.Step
            : null;

        private int LastStep() => TargetStep() is { } target
            ? (int)Math.Min(options.Steps, (long)target + options.StepsAfterTarget)
            : options.Steps;

        private void Save(ref int savedStep)
        {
            if (checkpoints is null || Step == savedStep)
            {
                return;
            }

            var (epochState, position) = _batches.State;
            TrainingState.Write(checkpoints.Folder, options, optimizer, new TrainingNotes(epochState, position, _memorizedStep, [.. _history]));
            savedStep = Step;
        }
    }
}
