namespace Interp.Analysis.Atoms.Training;

/// <summary>What changes from step to step; everything is a function of the step and the options.</summary>
internal sealed class TrainingSchedule(LearnerOptions options)
{
    /// <summary>After this share of the run no latent is started again, so that the last ones have time to settle.</summary>
    private const double LastResampling = 0.7;

    private readonly AtomsOptions _shared = options.Shared;

    /// <summary>The learning rate of a step, counted from 0: linear from a tenth, constant, linear to nothing.</summary>
    public double LearningRate(int step)
    {
        var warm = _shared.LearningRateWarmup * _shared.Steps;
        var decay = _shared.LearningRateDecay * _shared.Steps;
        var rise = step < warm ? 0.1 + (0.9 * step / warm) : 1;
        var fall = _shared.Steps - step < decay ? (_shared.Steps - step) / decay : 1;
        return options.LearningRate * Math.Min(rise, fall);
    }

    /// <summary>The share of the sparsity term at a step: from nothing to 1 over its warm-up.</summary>
    public double SparsityShare(int step)
    {
        var warm = _shared.SparsityWarmup * _shared.Steps;
        return warm > 0 ? Math.Min(1, (step + 1) / warm) : 1;
    }

    /// <summary>The constants of the loss of a dictionary with thresholds at a step.</summary>
    public JumpReluLoss Loss(int step) => new(
        _shared.Sparsity, _shared.SparsityCoefficient * SparsityShare(step), options.TargetL0, _shared.Bandwidth, _shared.StepGradientToInput,
        _shared.DeadLatents == DeadLatentRemedy.PreActivation ? _shared.PreActivationCoefficient : 0);

    /// <summary>Whether dead latents are started again after a step.</summary>
    public bool ResamplesAfter(int step) =>
        _shared.DeadLatents == DeadLatentRemedy.Resample
        && step < LastResampling * _shared.Steps
        && (step + 1) % Math.Max(1, options.DeadAfterRows / options.BatchSize) == 0;

    /// <summary>Whether a point of the curve follows a step.</summary>
    public bool EvaluatesAfter(int step) => (step + 1) % _shared.EvaluateEvery == 0 || step + 1 == _shared.Steps;

    /// <summary>Whether the state is saved after a step.</summary>
    public bool SavesAfter(int step) => _shared.CheckpointEvery > 0 && (step + 1) % _shared.CheckpointEvery == 0 && step + 1 < _shared.Steps;
}
