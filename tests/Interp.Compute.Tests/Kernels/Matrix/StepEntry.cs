using Interp.Compute.Kernels;
using Interp.Compute.Kernels.DeviceStep;
using Interp.Compute.Kernels.UnitRowAdam;
using Interp.Gpu.Checks;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.Matrix;

/// <summary>The step in a reduced type: losses, weights, moments, scalars, by plain loops in float64 (<see cref="Interp.Gpu.Checks.Cases.StepReference"/>).</summary>
internal sealed record StepEntry() : MatrixEntry("BatchStep", [typeof(RowStepKernels), typeof(OrderStepKernels), typeof(LatentStepKernels)], Elements)
{
    private const double Bandwidth = 0.2;
    private const double Slope = 0.1;
    private static readonly AdamSettings s_adam = new(0.05, 0, 0.99, 2, 1e-6);

    public override double Tolerance(ScalarType type) => 2e-5 + HalfPlace(type);

    public override Outcome Made(KernelBackend backend, ScalarType type, InputKind kind)
    {
        var (weights, z, x, y) = Inputs(type, kind);
        var (losses, counts) = BatchStep.Take(weights, z, x, y, Bandwidth, Slope, s_adam, backend);
        return Outcome.Of(counts, losses, weights.Encoder, weights.Decoder, weights.EncoderSecond, weights.DecoderSecond, weights.Scalars);
    }

    public override Outcome Expected(ScalarType type, InputKind kind)
    {
        var (weights, z, x, y) = Inputs(type, kind);
        static float[] Array32(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.to(ScalarType.Float32).contiguous().data<float>().ToArray();
        var (rows, width, latents) = Sizes(kind);
        var scalars = weights.Scalars.to(ScalarType.Float32);
        var residual = Residual(weights, z, y).to(type);
        var n = new LatentStepNumbers { Beta2 = (float)s_adam.Beta2, Size = (float)s_adam.Size, Correction = (float)s_adam.Correction, Epsilon = (float)s_adam.Epsilon, Slope = (float)Slope, InverseBandwidth = (float)(1 / Bandwidth) };
        var parts = Interp.Gpu.Checks.Cases.StepReference.Take(
            Array32(z), Array32(x), Array32(y), Array32(weights.Encoder), Array32(weights.Decoder), Array32(scalars.select(1, 0)), Array32(scalars.select(1, 1)), Array32(weights.DecoderBias),
            rows, width, latents, (float)(Bandwidth / 2), 2.0 / Math.Max(1, rows), n, Array32(residual), 0.02f);
        return Outcome.Of(
            tensor(parts[0]), tensor(parts[1]), tensor(parts[3]).view(latents, width), tensor(parts[4]).view(latents, width), tensor(parts[5]).view(latents, width), tensor(parts[6]).view(latents, width), tensor(parts[7]).view(latents, 4));
    }

    // More than a band, a panel and a group each way; a group a latent takes its time on a CPU.
    private static (int Rows, int Width, int Latents) Sizes(InputKind kind) => kind == InputKind.Large ? (67, 66, 130) : Size(kind);

    private static Tensor Residual(StepWeights weights, Tensor z, Tensor y)
    {
        var (bias, theta) = (weights.Scalars.select(1, 0), weights.Scalars.select(1, 1));
        var code = (z.to(ScalarType.Float32) + bias) * (z.to(ScalarType.Float32) - (theta - bias)).gt(0);
        return (Wide(code).matmul(Wide(weights.Decoder)) + weights.DecoderBias - Wide(y)) * (2.0 / Math.Max(1, z.shape[0]));
    }

    private static (StepWeights Weights, Tensor Z, Tensor X, Tensor Y) Inputs(ScalarType type, InputKind kind)
    {
        var (rows, width, latents) = Sizes(kind);
        var decoder = Normal(17, ScalarType.Float64, latents, width);
        var scalars = cat([Normal(18, ScalarType.Float32, latents, 1) * 0.1, (Normal(19, ScalarType.Float32, latents, 1).abs() * 0.2) + 0.9, full([latents, 2], 0.01f)], 1).contiguous();
        var weights = new StepWeights(
            Normal(20, type, latents, width), (decoder / decoder.norm(1, keepdim: true)).to(type), full([latents, width], 0.02f), full([latents, width], 0.02f), scalars, Normal(21, ScalarType.Float32, width) * 0.1);
        return (weights, Normal(22, type, rows, latents), Normal(23, type, rows, width), Normal(24, type, rows, width));
    }
}
