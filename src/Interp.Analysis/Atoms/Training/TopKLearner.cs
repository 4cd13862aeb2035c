using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// Dictionaries whose number of active latents is set: the k greatest of each row (TopK), the k·B greatest of a batch (BatchTopK), and the
/// latter with nested prefixes that each reconstruct on their own (Matryoshka). Dead latents learn the residual (AuxK).
/// </summary>
/// <remarks>
/// Sources: Gao et al. 2406.04093 (TopK, AuxK with rectified codes, no bias, the residual's variance), Bussmann et al. 2412.06410
/// (BatchTopK), 2503.17547 (Matryoshka). The gradient treats the selection as constant.
/// </remarks>
internal sealed class TopKLearner : DictionaryLearner
{
    /// <summary>How fast the threshold of inference follows the least code kept.</summary>
    private const double ThresholdRate = 0.01;

    private static readonly string[] s_names = ["encoder", "encoder_bias", "decoder", "decoder_bias", "skip"];

    private readonly Tensor[] _weights;
    private readonly RowAdam _optimizer;
    private readonly Tensor _threshold;
    private readonly long[] _nested;

    public TopKLearner(TrainingRows rows, LearnerOptions options, CancellationToken cancellation) : base(rows, options)
    {
        var decoder = LearnerWeights.Directions(options.Width, options.OutputWidth, options.Seed, rows.Device);
        var decoderBias = rows.Centre(CentreOf.Target, cancellation).to(ScalarType.Float32);
        var encoder = LearnerWeights.Encoder(decoder, decoderBias, rows, options, cancellation);
        var bias = LearnerWeights.EncoderBias(encoder, rows, options, cancellation);
        _weights = options.IsTranscoder && options.Shared.Skip
            ? [encoder, bias, decoder, decoderBias, zeros(options.OutputWidth, options.InputWidth, device: rows.Device)]
            : [encoder, bias, decoder, decoderBias];
        foreach (var weight in _weights)
        {
            _ = weight.DetachFromDisposeScope();
        }

        _optimizer = new RowAdam(_weights, options.Beta1, options.Shared.Beta2);
        _threshold = full(1, -1, dtype: ScalarType.Float64).DetachFromDisposeScope();
        _nested = options.Architecture == TrainedArchitecture.Matryoshka ? Nested(options) : [options.Width];
    }

    private bool IsBatchWise => Options.Architecture != TrainedArchitecture.TopK;

    private Tensor? Skip => _weights.Length > 4 ? _weights[4] : null;

    public override SparseAutoencoder ToDictionary(DictionaryInfo info)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var back = Rows.Scale / Rows.TargetScale;
        var threshold = Math.Max(0, _threshold[0].item<double>()) / Rows.Scale;
        return SparseAutoencoder.Create(
            info with
            {
                Architecture = IsBatchWise ? DictionaryArchitecture.JumpRelu : DictionaryArchitecture.TopK,
                ActiveCount = IsBatchWise ? Options.TargetL0 : Math.Max(1, Math.Round(Options.TargetL0)),
                NestedWidths = Options.Architecture == TrainedArchitecture.Matryoshka ? _nested : null,
            },
            _weights[0].t().contiguous(),
            _weights[1] / Rows.Scale,
            Options.IsTranscoder ? _weights[2] * back : _weights[2].clone(),
            _weights[3] / Rows.TargetScale,
            IsBatchWise ? full(Options.Width, threshold, dtype: ScalarType.Float32, device: Rows.Device) : null,
            skip: Skip is { } skip ? skip * back : null);
    }

    protected override LearnerStep Update(TrainingBatch batch)
    {
        var rows = batch.Input.shape[0];
        var input = Options.IsTranscoder ? batch.Input : batch.Input - _weights[3];
        var z = addmm(_weights[1], input, _weights[0].t(), 1, 1);
        var code = Select(z);
        var active = code.gt(0);
        Track(code, active);
        var gradients = new TopKGradients(_weights, input, batch, code, active, _nested, Options.IsTranscoder);
        var auxiliary = Options.Shared.AuxiliaryCoefficient > 0 ? gradients.AddAuxiliary(z, DeadLatents(), Options.Shared.AuxiliaryCoefficient) : 0;
        LearnerWeights.Project(gradients.All[2], _weights[2]);
        _optimizer.StepCount = Step;
        _optimizer.Step(gradients.All, Schedule.LearningRate(Step));
        LearnerWeights.Normalise(_weights[2]);
        var firings = active.sum([0L]);
        return new LearnerStep(gradients.Reconstruction, auxiliary, firings.sum().item<long>() / (double)rows, firings, Options.Shared.AuxiliaryCoefficient);
    }

    protected override (Tensor Code, Tensor Output) Apply(Tensor x)
    {
        var z = addmm(_weights[1], Options.IsTranscoder ? x : x - _weights[3], _weights[0].t(), 1, 1);
        var threshold = _threshold[0].item<double>();
        var code = IsBatchWise && threshold >= 0 ? z.relu().mul(z.gt(threshold)) : Select(z);
        var output = addmm(_weights[3], code, _weights[2], 1, 1);
        return (code, Skip is { } skip ? output.add_(x.matmul(skip.t())) : output);
    }

    protected override IEnumerable<(string Name, Tensor Tensor)> Saved() => _optimizer.Saved(s_names).Append(("threshold", _threshold));

    protected override void Free()
    {
        foreach (var weight in _weights)
        {
            weight.Dispose();
        }

        _optimizer.Dispose();
        _threshold.Dispose();
    }

    /// <summary>Widths 1/16, 1/8, 1/4, 1/2 and all of the latents, or those of the options.</summary>
    private static long[] Nested(LearnerOptions options) =>
    [
        .. new[] { 16, 8, 4, 2 }.Select(part => (long)options.Width / part).Where(width => width > 0).Append(options.Width).Distinct(),
    ];

    private Tensor Select(Tensor z) => IsBatchWise
        ? CodeSelection.BatchGreatest(z.relu(), Options.TargetL0)
        : CodeSelection.Greatest(z, z.relu(), Math.Max(1, (long)Math.Round(Options.TargetL0)));

    /// <summary>Follows the least code kept, which is the threshold that gives the same selection without looking at other rows.</summary>
    private void Track(Tensor code, Tensor active)
    {
        if (!IsBatchWise)
        {
            return;
        }

        var least = code.masked_fill(active.logical_not(), float.PositiveInfinity).min().item<float>();
        if (float.IsFinite(least))
        {
            _ = _threshold[0].item<double>() < 0 ? _threshold.fill_(least) : _threshold.mul_(1 - ThresholdRate).add_(ThresholdRate * least);
        }
    }
}
