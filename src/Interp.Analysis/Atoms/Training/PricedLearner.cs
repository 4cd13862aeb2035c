using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// Dictionaries that pay for the sum of their codes: ReLU with an L1 price, and gated ones, whose price is on the gate and whose gate learns to
/// reconstruct through a decoder that it does not move. Where a target L0 is wanted the price is steered: λ grows while too many latents fire.
/// </summary>
/// <remarks>Source: Rajamanoharan et al. 2404.16014 (gated; decoder and b_dec of the auxiliary term held constant).</remarks>
internal sealed class PricedLearner : DictionaryLearner
{
    /// <summary>λ changes by at most this factor's logarithm a step.</summary>
    private const double SteeringGain = 0.01;

    private static readonly string[] s_reluNames = ["encoder", "encoder_bias", "decoder", "decoder_bias", "skip"];
    private static readonly string[] s_gatedNames = ["encoder", "magnitude_bias", "decoder", "decoder_bias", "gate_bias", "magnitude_scale", "skip"];

    private readonly Tensor[] _weights;
    private readonly RowAdam _optimizer;
    private readonly Tensor _price;

    public PricedLearner(TrainingRows rows, LearnerOptions options, CancellationToken cancellation) : base(rows, options)
    {
        var decoder = LearnerWeights.Directions(options.Width, options.OutputWidth, options.Seed, rows.Device);
        var decoderBias = rows.Centre(CentreOf.Target, cancellation).to(ScalarType.Float32);
        var encoder = LearnerWeights.Encoder(decoder, decoderBias, rows, options, cancellation);
        var bias = LearnerWeights.EncoderBias(encoder, rows, options, cancellation);
        var hasSkip = options.IsTranscoder && options.Shared.Skip;
        _weights =
        [
            encoder, bias, decoder, decoderBias,
            .. IsGated ? new[] { bias.clone(), zeros(options.Width, device: rows.Device) } : [],
            .. hasSkip ? new[] { zeros(options.OutputWidth, options.InputWidth, device: rows.Device) } : [],
        ];
        foreach (var weight in _weights)
        {
            _ = weight.DetachFromDisposeScope();
        }

        _optimizer = new RowAdam(_weights, options.Beta1, options.Shared.Beta2);
        _price = full(1, StartingPrice(options), dtype: ScalarType.Float64).DetachFromDisposeScope();
        Skip = hasSkip ? _weights[^1] : null;
    }

    private bool IsGated => Options.Architecture == TrainedArchitecture.Gated;

    private string[] Names => IsGated ? s_gatedNames : s_reluNames;

    private Tensor? Skip { get; }

    public override SparseAutoencoder ToDictionary(DictionaryInfo info)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var back = Rows.Scale / Rows.TargetScale;
        return SparseAutoencoder.Create(
            info with { Architecture = IsGated ? DictionaryArchitecture.Gated : DictionaryArchitecture.Standard },
            _weights[0].t().contiguous(),
            _weights[1] / Rows.Scale,
            Options.IsTranscoder ? _weights[2] * back : _weights[2].clone(),
            _weights[3] / Rows.TargetScale,
            gate: IsGated ? new DictionaryGate(_weights[4] / Rows.Scale, _weights[5].clone()) : null,
            skip: Skip is { } skip ? skip * back : null);
    }

    protected override LearnerStep Update(TrainingBatch batch)
    {
        var input = Options.IsTranscoder ? batch.Input : batch.Input - _weights[3];
        var price = _price[0].item<double>() * Schedule.SparsityShare(Step);
        var gradients = PricedGradients.Compute(_weights, IsGated, Skip, input, batch, price, Options.IsTranscoder);
        LearnerWeights.Project(gradients.All[2], _weights[2]);
        _optimizer.StepCount = Step;
        _optimizer.Step(gradients.All, Schedule.LearningRate(Step));
        LearnerWeights.Normalise(_weights[2]);
        var l0 = gradients.Firings.sum().item<long>() / (double)batch.Input.shape[0];
        if (Options.SteersToTarget && Schedule.SparsityShare(Step) >= 1)
        {
            _ = _price.mul_(Math.Exp(SteeringGain * Math.Clamp((l0 / Options.TargetL0) - 1, -1, 1)));
        }

        return new LearnerStep(gradients.Reconstruction, gradients.Sparsity, l0, gradients.Firings, price);
    }

    protected override (Tensor Code, Tensor Output) Apply(Tensor x)
    {
        var input = Options.IsTranscoder ? x : x - _weights[3];
        var (code, _, _) = PricedGradients.Encode(_weights, IsGated, input);
        var output = addmm(_weights[3], code, _weights[2], 1, 1);
        return (code, Skip is { } skip ? output.add_(x.matmul(skip.t())) : output);
    }

    protected override IEnumerable<(string Name, Tensor Tensor)> Saved() => _optimizer.Saved(Names).Append(("price", _price));

    protected override void Free()
    {
        foreach (var weight in _weights)
        {
            weight.Dispose();
        }

        _optimizer.Dispose();
        _price.Dispose();
    }

    /// <summary>With inputs of unit mean square a price of some hundredths a unit of code is where L0 begins to fall.</summary>
    private static double StartingPrice(LearnerOptions options) => options.SteersToTarget ? 0.02 * options.Shared.SparsityCoefficient : options.Shared.SparsityCoefficient;
}
