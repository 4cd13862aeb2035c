using Interp.Analysis.Atoms.Geometry;
using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// Trains one dictionary. Its whole state is the weights, the optimiser's moments, the dead counters, the curve and the step; the rest
/// is a function of the options, so a run that was interrupted goes on bit for bit.
/// </summary>
internal sealed class AtomsTrainer : IDisposable
{
    private const int EvaluationRows = 8192;

    private readonly AtomsOptions _options;
    private readonly TrainingRows _rows;
    private readonly TrainingSchedule _schedule;

    /// <summary>Starts at step 0.</summary>
    /// <param name="rows">What to train on; stays the caller's.</param>
    /// <param name="options">Options without zeros (<see cref="AtomsOptions.For"/>).</param>
    /// <param name="cancellation">Stops the search for the data's centre.</param>
    public AtomsTrainer(TrainingRows rows, AtomsOptions options, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        _options = options;
        _rows = rows;
        _schedule = new TrainingSchedule(options);
        Parameters = JumpReluParameters.Initial(options.Width, rows.Centre(cancellation), options.InitialThreshold, options.Seed);
        if (options.DirectionStart == DirectionStart.Samples)
        {
            LatentResampler.StartAtRows(Parameters, rows, options.Seed);
        }

        if (options.EncoderStart == EncoderStart.WhitenedTie)
        {
            TieThroughMetric(cancellation);
        }

        if (options.InitialThreshold == 0)
        {
            LatentResampler.SetThresholds(Parameters, rows, options);
        }

        Optimizer = new RowAdam(Parameters.All, options.Beta1, options.Beta2);
        Silent = zeros(options.Width, ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <summary>The weights, for inputs scaled by <see cref="TrainingRows.Scale"/>.</summary>
    public JumpReluParameters Parameters { get; }

    public RowAdam Optimizer { get; }

    /// <summary>The rows since each latent last fired, <c>[d_sae]</c> int64.</summary>
    public Tensor Silent { get; }

    /// <summary>The steps taken.</summary>
    public int Step { get; set; }

    /// <summary>The curve so far.</summary>
    public List<AtomsTrainingPoint> Curve { get; } = [];

    /// <summary>Trains to the end.</summary>
    /// <param name="save">Called where the schedule saves the state.</param>
    /// <param name="progress">Receives every step with its loss.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    public void Run(Action save, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        while (Step < _options.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            var loss = TakeStep(cancellation);
            progress?.Report(new StepProgress("train dictionary", Step, _options.Steps, "steps") { Value = loss, ValueName = "loss" });
            if (_schedule.SavesAfter(Step - 1))
            {
                save();
            }
        }
    }

    /// <summary>The dictionary for unscaled inputs: the scale is folded into biases and thresholds, weights stay.</summary>
    /// <returns>A dictionary owned by the caller.</returns>
    public SparseAutoencoder ToDictionary(DictionaryInfo info)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return SparseAutoencoder.Create(
            info, Parameters.Encoder.t().contiguous(), Parameters.EncoderBias / _rows.Scale, Parameters.Decoder.clone(),
            Parameters.DecoderBias / _rows.Scale, Parameters.Thresholds / _rows.Scale);
    }

    public void Dispose()
    {
        Parameters.Dispose();
        Optimizer.Dispose();
        Silent.Dispose();
    }

    /// <summary>The second moment is taken about b_dec, since that is what the encoder sees.</summary>
    private void TieThroughMetric(CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var moment = new SecondMoment((int)Parameters.DecoderBias.shape[0]);
        foreach (var piece in _rows.Pieces(_rows.Split.Train, cancellation))
        {
            moment.Add(piece.sub_(Parameters.DecoderBias));
            piece.Dispose();
        }

        var ridge = AtomicMetric.RidgeFor(moment.Count, moment.Width);
        using var metric = AtomicMetric.Create(moment.Matrix(MetricCentring.None), ridge);
        _ = Parameters.Encoder.copy_(WhitenedTie.Encoder(Parameters.Decoder, metric));
    }

    private double TakeStep(CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var step = Step;
        var loss = _schedule.Loss(step);
        var dead = loss.PreActivationCoefficient > 0 ? DeadLatents().to(ScalarType.Float32) : null;
        using var gradients = JumpReluGradients.Compute(Parameters, _rows.Batch(step, _options.BatchSize), loss, dead);
        Update(gradients, _schedule.LearningRate(step));
        _ = Silent.add_(_options.BatchSize).masked_fill_(gradients.Firings.gt(0), 0);
        Step++;
        var total = gradients.Reconstruction + gradients.Sparsity;
        if (!double.IsFinite(total))
        {
            throw new InterpException($"the loss is no longer finite after step {Step}: lower --learning-rate or check the activations");
        }

        if (_schedule.EvaluatesAfter(step))
        {
            Curve.Add(Evaluate(gradients, total, _schedule.LearningRate(step), loss.Coefficient, cancellation));
        }

        if (_schedule.ResamplesAfter(step))
        {
            var silent = DeadLatents();
            LatentResampler.Run(Parameters, Optimizer, _rows, silent, _options, step);
            _ = Silent.masked_fill_(silent, 0);
        }

        return total;
    }

    /// <summary>Directions keep unit length: what would lengthen them is taken out of the gradient, and rounding is removed after the step.</summary>
    private void Update(JumpReluGradients gradients, double rate)
    {
        using var scope = NewDisposeScope();
        var decoder = Parameters.Decoder;
        var byDecoder = gradients.All[2];
        _ = byDecoder.sub_((byDecoder * decoder).sum(1, keepdim: true) * decoder);
        Optimizer.Step(gradients.All, rate);
        _ = decoder.div_(decoder.norm(1, keepdim: true));
        _ = Parameters.Thresholds.clamp_min_(0);
    }

    private Tensor DeadLatents() => Silent.ge(_options.DeadAfterRows);

    private AtomsTrainingPoint Evaluate(JumpReluGradients last, double loss, double rate, double coefficient, CancellationToken cancellation)
    {
        var rows = _rows.Split.HeldOut.Length > 0 ? _rows.Split.HeldOut : _rows.Split.Train;
        var metrics = new DictionaryMetrics(Parameters.Encoder.shape[0]);
        foreach (var piece in _rows.Pieces(rows[..Math.Min(rows.Length, EvaluationRows)], cancellation))
        {
            using var scope = NewDisposeScope();
            var z = addmm(Parameters.EncoderBias, piece - Parameters.DecoderBias, Parameters.Encoder.t(), 1, 1);
            var code = z * z.gt(Parameters.Thresholds);
            metrics.Add(piece, code, addmm(Parameters.DecoderBias, code, Parameters.Decoder, 1, 1));
            piece.Dispose();
        }

        var dead = DeadLatents().to(ScalarType.Float64).mean().item<double>();
        return new AtomsTrainingPoint(Step, loss, last.Reconstruction, last.L0, metrics.ExplainedVariance, metrics.L0, dead, rate, coefficient);
    }
}
