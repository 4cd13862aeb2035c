using Interp.Compute.Kernels;
using Interp.Compute.Kernels.DeviceStep;
using Interp.Compute.Kernels.SparseDecode;
using Interp.Compute.Kernels.SparseGradients;
using Interp.Compute.Kernels.ThresholdCodes;
using Interp.Compute.Kernels.UnitRowAdam;
using Interp.Gpu.Checks;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.Matrix;

/// <summary>Codes, and what is decoded and derived from them. Thresholds lie in gaps of the pre-activations, so that no version can take an entry for another.</summary>
internal abstract record SparseEntry(string Name, Type[] Kernels) : MatrixEntry(Name, Kernels, Elements)
{
    protected const double Bandwidth = 0.3;

    public override Outcome Made(KernelBackend backend, ScalarType type, InputKind kind)
    {
        var inputs = new SparseInputs(type, kind, Bandwidth);
        using var codes = new SparseCodes();
        _ = ThresholdEncoder.Encode(inputs.X, inputs.Encoder, inputs.Bias, inputs.Thresholds, Bandwidth, codes, backend: backend);
        return Outcome.Of(Made(backend, inputs, codes));
    }

    public override Outcome Expected(ScalarType type, InputKind kind) => Outcome.Of(Expected(new SparseInputs(type, kind, Bandwidth)));

    protected abstract Tensor[] Made(KernelBackend backend, SparseInputs inputs, SparseCodes codes);

    protected abstract Tensor[] Expected(SparseInputs inputs);
}

internal sealed record ThresholdEntry() : SparseEntry("ThresholdEncoder", [typeof(ThresholdKernels)])
{
    protected override Tensor[] Made(KernelBackend backend, SparseInputs inputs, SparseCodes codes) => [codes.ToDense(), codes.Mask(CodeTile.Active), codes.Mask(CodeTile.Window)];

    protected override Tensor[] Expected(SparseInputs inputs) => [inputs.Codes, inputs.Active, inputs.Window];
}

internal sealed record DecodeEntry() : SparseEntry("SparseDecoder", [typeof(SparseDecodeKernels)])
{
    protected override Tensor[] Made(KernelBackend backend, SparseInputs inputs, SparseCodes codes)
    {
        var (residual, sum) = (empty(inputs.X.shape, ScalarType.Float32), empty(inputs.X.shape[1], ScalarType.Float32));
        var squares = SparseDecoder.Residual(codes, inputs.Decoder, inputs.DecoderBias, inputs.Upstream, 0.5, residual, sum, backend);
        return [residual, sum, tensor(squares)];
    }

    protected override Tensor[] Expected(SparseInputs inputs)
    {
        var difference = inputs.Codes.matmul(Wide(inputs.Decoder)) + inputs.DecoderBias - Wide(inputs.Upstream);
        return [difference * 0.5, (difference * 0.5).sum([0L]), difference.square().sum()];
    }
}

internal sealed record GradientEntry() : SparseEntry("SparseGradient", [typeof(SparseGradientKernels)])
{
    private static readonly LatentLoss s_loss = new(Bandwidth, 0.2, StepGradientToInput: true, Revival: 0.01);

    protected override Tensor[] Made(KernelBackend backend, SparseInputs inputs, SparseCodes codes)
    {
        using var made = SparseGradient.Compute(codes, inputs.Upstream, inputs.X, inputs.Encoder, inputs.Decoder, inputs.Thresholds, s_loss, inputs.Revived, backend);
        return [made.Encoder.clone(), made.Decoder.clone(), made.EncoderBias.clone(), made.Thresholds.clone(), made.Firings.clone(), made.Input.clone()];
    }

    // Torch's own derivatives of a sum that has these gradients: what the step's pseudo-derivative adds is written out.
    protected override Tensor[] Expected(SparseInputs inputs)
    {
        var (encoder, bias, decoder, theta) = (Wide(inputs.Encoder).requires_grad_(), Wide(inputs.Bias).requires_grad_(), Wide(inputs.Decoder).requires_grad_(), Wide(inputs.Thresholds).requires_grad_());
        var (x, g) = (Wide(inputs.X).requires_grad_(), Wide(inputs.Upstream));
        var z = x.matmul(encoder.t()) + bias;
        var byStep = ((theta.detach() * g.matmul(Wide(inputs.Decoder).t())) + s_loss.Slope) * inputs.Window / Bandwidth;
        var loss = ((z * inputs.Active).matmul(decoder) * g).sum() + (byStep * z).sum() - (byStep * theta).sum()
            + ((theta - z) * (1 - inputs.Active) * inputs.Revived).sum() * s_loss.Revival;
        loss.backward();
        return [encoder.grad!, decoder.grad!, bias.grad!, theta.grad!, inputs.Active.sum([0L]), x.grad!.sum([0L])];
    }
}

internal sealed record AdamEntry() : MatrixEntry("RowAdamStep", [typeof(RowAdamKernels)], Elements)
{
    private static readonly AdamSettings s_settings = new(0.01, 0.9, 0.99, 4);

    public override double Tolerance(ScalarType type) => 2e-5 + HalfPlace(type);

    public override Outcome Made(KernelBackend backend, ScalarType type, InputKind kind)
    {
        var (w, m, v, g) = Inputs(type, kind);
        RowAdamStep.Take(w, m, v, g, s_settings, RowLength.Unit, backend);
        return Outcome.Of(w, m, v);
    }

    public override Outcome Expected(ScalarType type, InputKind kind)
    {
        var (weights, first, second, gradient) = Inputs(type, kind);
        var (w, m, v, g) = (Wide(weights), Wide(first), Wide(second), Wide(gradient));
        g -= (g * w).sum([1L], keepdim: true) * w;
        m = (m * 0.9) + (g * 0.1);
        v = (v * 0.99) + (g.square() * 0.01);
        w -= s_settings.Rate * (m / (1 - Math.Pow(0.9, 4))) / ((v / (1 - Math.Pow(0.99, 4))).sqrt() + 1e-8);
        return Outcome.Of(w / w.norm(1, keepdim: true), m, v);
    }

    private static (Tensor W, Tensor M, Tensor V, Tensor G) Inputs(ScalarType type, InputKind kind)
    {
        var (rows, width, _) = Size(kind);
        var w = Normal(7, ScalarType.Float64, rows, width);
        return ((w / w.norm(1, keepdim: true)).to(type), Normal(8, ScalarType.Float32, rows, width) * 0.01, Normal(9, ScalarType.Float32, rows, width).square() + 0.01, Normal(10, ScalarType.Float32, rows, width));
    }
}
