using Interp.Compute.Kernels.DictionaryStep;
using Interp.Compute.Kernels.UnitRowAdam;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>A dictionary with one threshold a latent: JumpReLU and straight-through estimators.</summary>
/// <remarks>Source: Rajamanoharan et al., arXiv 2407.14435; the README lists the formulas.</remarks>
internal sealed class JumpReluLearner : DictionaryLearner
{
    private readonly JumpReluParameters _parameters;
    private readonly RowAdam _optimizer;
    private readonly DictionaryTrainingStep _step = new();

    public JumpReluLearner(TrainingRows rows, LearnerOptions options, CancellationToken cancellation) : base(rows, options)
    {
        var decoder = LearnerWeights.Directions(options.Width, options.OutputWidth, options.Seed, rows.Device);
        var decoderBias = rows.Centre(CentreOf.Target, cancellation).to(ScalarType.Float32);
        if (options.Shared.DirectionStart == DirectionStart.Samples && !options.IsTranscoder)
        {
            LatentResampler.StartAtRows(decoder, decoderBias, rows, options.Seed);
        }

        var encoder = LearnerWeights.Encoder(decoder, decoderBias, rows, options, cancellation);
        var skip = options.IsTranscoder && options.Shared.Skip ? zeros(options.OutputWidth, options.InputWidth, device: rows.Device) : null;
        _parameters = new JumpReluParameters(
            encoder, LearnerWeights.EncoderBias(encoder, rows, options, cancellation), decoder, decoderBias, full(options.Width, options.Shared.InitialThreshold, dtype: ScalarType.Float32, device: rows.Device), skip);
        if (options.Shared.InitialThreshold == 0)
        {
            using var sample = LearnerWeights.Sample(rows, options.Seed, "first thresholds");
            _ = _parameters.Thresholds.copy_(LearnerWeights.Quantiles(PreActivations(sample.Input), options.TargetL0 / options.Width));
        }

        _optimizer = new RowAdam(_parameters.All, options.Beta1, options.Shared.Beta2);
    }

    public override SparseAutoencoder ToDictionary(DictionaryInfo info)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var back = Rows.Scale / Rows.TargetScale;
        return SparseAutoencoder.Create(
            info with { Architecture = DictionaryArchitecture.JumpRelu },
            _parameters.Encoder.t().contiguous(),
            _parameters.EncoderBias / Rows.Scale,
            Options.IsTranscoder ? _parameters.Decoder * back : _parameters.Decoder.clone(),
            _parameters.DecoderBias / Rows.TargetScale,
            _parameters.Thresholds / Rows.Scale,
            skip: _parameters.Skip is { } skip ? skip * back : null);
    }

    protected override LearnerStep Update(TrainingBatch batch)
    {
        var loss = Schedule.Loss(Step);
        var dead = loss.PreActivationCoefficient > 0 ? DeadLatents().to(ScalarType.Float32) : null;
        return Options.IsTranscoder ? TranscoderUpdate(batch, loss, dead) : AutoencoderUpdate(batch, loss, dead);
    }

    protected override (Tensor Code, Tensor Output) Apply(Tensor x)
    {
        var z = PreActivations(x);
        var code = z * z.gt(_parameters.Thresholds);
        var output = addmm(_parameters.DecoderBias, code, _parameters.Decoder, 1, 1);
        return (code, _parameters.Skip is { } skip ? output.add_(x.matmul(skip.t())) : output);
    }

    protected override IEnumerable<(string Name, Tensor Tensor)> Saved() => _optimizer.Saved(_parameters.AllNames);

    protected override bool Resample(Tensor dead, int step)
    {
        if (Options.IsTranscoder)
        {
            return false;
        }

        LatentResampler.Run(_parameters, _optimizer, Rows, dead, Options, step);
        return true;
    }

    protected override void Free()
    {
        _parameters.Dispose();
        _optimizer.Dispose();
        _step.Dispose();
    }

    private LearnerStep AutoencoderUpdate(TrainingBatch batch, JumpReluLoss loss, Tensor? dead)
    {
        var adam = new AdamSettings(Schedule.LearningRate(Step), Options.Beta1, Options.Shared.Beta2, Step + 1);
        var first = _optimizer.First is { } moments ? DictionaryWeights.Of(moments) : null;
        using var seen = _step.Take(
            DictionaryWeights.Of(_parameters.All), first, DictionaryWeights.Of(_optimizer.Second), batch.Input, loss.ForStep(), adam, dead);
        return new LearnerStep(seen.Reconstruction, loss.Sparsity(seen.L0), seen.L0, seen.Firings.clone(), loss.Coefficient);
    }

    private LearnerStep TranscoderUpdate(TrainingBatch batch, JumpReluLoss loss, Tensor? dead)
    {
        using var gradients = JumpReluGradients.Compute(_parameters, batch.Input, loss, dead, batch.Target);
        LearnerWeights.Project(gradients.All[2], _parameters.Decoder);
        _optimizer.StepCount = Step;
        _optimizer.Step(gradients.All, Schedule.LearningRate(Step));
        LearnerWeights.Normalise(_parameters.Decoder);
        _ = _parameters.Thresholds.clamp_min_(0);
        return new LearnerStep(gradients.Reconstruction, gradients.Sparsity, gradients.L0, gradients.Firings.clone(), loss.Coefficient);
    }

    private Tensor PreActivations(Tensor x) =>
        addmm(_parameters.EncoderBias, Options.IsTranscoder ? x : x - _parameters.DecoderBias, _parameters.Encoder.t(), 1, 1);
}
