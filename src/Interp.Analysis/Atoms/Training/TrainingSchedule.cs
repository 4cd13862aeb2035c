namespace Interp.Analysis.Atoms.Training;

/// <summary>What changes from step to step; everything is a function of the step and the options.</summary>
internal sealed class TrainingSchedule(AtomsOptions options)
{
    /// <summary>After this share of the run no latent is started again, so that the last ones have time to settle.</summary>
    private const double LastResampling = 0.7;

    /// <summary>The learning rate of a step, counted from 0: linear from a tenth, constant, linear to nothing.</summary>
    public double LearningRate(int step)
    {
        var warm = options.LearningRateWarmup * options.Steps;
        var decay = options.LearningRateDecay * options.Steps;
        var rise = step < warm ? 0.1 + (0.9 * step / warm) : 1;
        var fall = options.Steps - step < decay ? (options.Steps - step) / decay : 1;
        return options.LearningRate * Math.Min(rise, fall);
    }

    /// <summary>The constants of the loss of a step.</summary>
    public JumpReluLoss Loss(int step)
    {
        var warm = options.SparsityWarmup * options.Steps;
        var coefficient = options.SparsityCoefficient * (warm > 0 ? Math.Min(1, (step + 1) / warm) : 1);
        return new JumpReluLoss(
            options.Sparsity, coefficient, options.TargetL0, options.Bandwidth, options.StepGradientToInput,
            options.DeadLatents == DeadLatentRemedy.PreActivation ? options.PreActivationCoefficient : 0);
    }

    /// <summary>Whether dead latents are started again after a step.</summary>
    public bool ResamplesAfter(int step) =>
        options.DeadLatents == DeadLatentRemedy.Resample
        && step < LastResampling * options.Steps
        && (step + 1) % Math.Max(1, options.DeadAfterRows / options.BatchSize) == 0;

    /// <summary>Whether a point of the curve follows a step.</summary>
    public bool EvaluatesAfter(int step) => (step + 1) % options.EvaluateEvery == 0 || step + 1 == options.Steps;

    /// <summary>Whether the state is saved after a step.</summary>
    public bool SavesAfter(int step) => options.CheckpointEvery > 0 && (step + 1) % options.CheckpointEvery == 0 && step + 1 < options.Steps;
}
