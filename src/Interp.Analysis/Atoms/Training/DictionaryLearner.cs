using Interp.Analysis.Activations;
using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// One dictionary in training. An architecture says how a step is taken and what a row is encoded to; counters, curve, unit directions and
/// what is saved are common. Its whole state is <see cref="State"/>, <see cref="Step"/> and <see cref="Curve"/>; the rest is a function of
/// the options, so a run that was interrupted goes on bit for bit.
/// </summary>
internal abstract class DictionaryLearner : IDisposable
{
    private const int EvaluationRows = 8192;

    /// <summary>Below this many multiplications a product a second core costs more than it gives, and much more where cores are busy.</summary>
    private const long WorkForTwoCores = 1L << 26;

    private readonly bool _isSmall;

    /// <summary>Starts at step 0.</summary>
    /// <param name="rows">What to train on; stays the caller's.</param>
    /// <param name="options">What to become.</param>
    protected DictionaryLearner(TrainingRows rows, LearnerOptions options)
    {
        Rows = rows;
        Options = options;
        Schedule = new TrainingSchedule(options);
        Silent = zeros(options.Width, ScalarType.Int64, rows.Device).DetachFromDisposeScope();
        _isSmall = (long)options.BatchSize * options.Width * options.InputWidth < WorkForTwoCores;
    }

    /// <summary>What it is to become.</summary>
    public LearnerOptions Options { get; }

    /// <summary>The rows since each latent last fired, <c>[d_sae]</c> int64.</summary>
    public Tensor Silent { get; }

    /// <summary>The steps taken.</summary>
    public int Step { get; set; }

    /// <summary>The curve so far.</summary>
    public List<AtomsTrainingPoint> Curve { get; } = [];

    /// <summary>Everything that has to be saved, by name: weights, moments, counters.</summary>
    public IReadOnlyDictionary<string, Tensor> State => Saved().Append(("silent", Silent)).ToDictionary(entry => entry.Item1, entry => entry.Item2);

    /// <summary>What it is trained on.</summary>
    protected TrainingRows Rows { get; }

    /// <summary>What changes from step to step.</summary>
    protected TrainingSchedule Schedule { get; }

    /// <summary>Makes the learner of an architecture.</summary>
    public static DictionaryLearner Create(TrainingRows rows, LearnerOptions options, CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var threads = new TensorThreads(1);
        return options.Architecture switch
        {
            TrainedArchitecture.JumpRelu => new JumpReluLearner(rows, options, cancellation),
            TrainedArchitecture.Relu or TrainedArchitecture.Gated => new PricedLearner(rows, options, cancellation),
            _ => new TopKLearner(rows, options, cancellation),
        };
    }

    /// <summary>Takes one step.</summary>
    /// <param name="batch">The rows of step <see cref="Step"/>; stays the caller's.</param>
    /// <param name="cancellation">Stops the evaluation.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="InterpException">The loss is no longer finite.</exception>
    public double TakeStep(TrainingBatch batch, CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var threads = _isSmall ? new TensorThreads(1) : null;
        var step = Step;
        var seen = Update(batch);
        _ = Silent.add_(Options.BatchSize).masked_fill_(seen.Firings.gt(0), 0);
        Step++;
        var total = seen.Reconstruction + seen.Sparsity;
        if (!double.IsFinite(total))
        {
            throw new InterpException($"the loss of {Options.Name} is no longer finite after step {Step}: lower --learning-rate or check the activations");
        }

        if (Schedule.EvaluatesAfter(step))
        {
            Curve.Add(Evaluate(seen, total, cancellation));
        }

        if (Schedule.ResamplesAfter(step))
        {
            var silent = DeadLatents();
            if (Resample(silent, step))
            {
                _ = Silent.masked_fill_(silent, 0);
            }
        }

        return total;
    }

    /// <summary>The dictionary for unscaled rows: the scales are folded into biases and thresholds.</summary>
    /// <returns>A dictionary owned by the caller.</returns>
    public abstract SparseAutoencoder ToDictionary(DictionaryInfo info);

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        Silent.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Computes loss and gradients of a batch and moves the weights, all in the caller's scope.</summary>
    protected abstract LearnerStep Update(TrainingBatch batch);

    /// <summary>The code of scaled rows and what it decodes to, as the saved dictionary will do it.</summary>
    protected abstract (Tensor Code, Tensor Output) Apply(Tensor x);

    /// <summary>Weights, moments and scalars that have to be saved.</summary>
    protected abstract IEnumerable<(string Name, Tensor Tensor)> Saved();

    /// <summary>Frees the tensors.</summary>
    protected abstract void Free();

    /// <summary>Starts dead latents again, where the architecture knows how.</summary>
    /// <returns>Whether it did.</returns>
    protected virtual bool Resample(Tensor dead, int step) => false;

    /// <summary>Which latents count as dead, <c>[d_sae]</c> bool.</summary>
    protected Tensor DeadLatents() => Silent.ge(Options.DeadAfterRows);

    private AtomsTrainingPoint Evaluate(LearnerStep last, double loss, CancellationToken cancellation)
    {
        var rows = Rows.Split.HeldOut.Length > 0 ? Rows.Split.HeldOut : Rows.Split.Train;
        var metrics = new DictionaryMetrics(Options.Width);
        foreach (var piece in Rows.Pieces(rows[..Math.Min(rows.Length, EvaluationRows)], cancellation))
        {
            using var scope = NewDisposeScope();
            var (code, output) = Apply(piece.Input);
            metrics.Add(piece.Target, code, output);
            piece.Dispose();
        }

        var dead = DeadLatents().to(ScalarType.Float64).mean().item<double>();
        return new AtomsTrainingPoint(
            Step, loss, last.Reconstruction, last.L0, metrics.ExplainedVariance, metrics.L0, dead, Schedule.LearningRate(Step - 1), last.Coefficient);
    }
}
