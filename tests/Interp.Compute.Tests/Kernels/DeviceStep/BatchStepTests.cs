using Interp.Compute.Kernels;
using Interp.Compute.Kernels.DeviceStep;
using Interp.Compute.Kernels.UnitRowAdam;
using Interp.Compute.Tests.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.DeviceStep;

/// <summary>A step in a reduced type against torch's own derivatives of the loss in float64; derived once a version.</summary>
public abstract class BatchStepTests
{
    private const double Bandwidth = 0.2;
    private const double Slope = 0.05;
    private static readonly AdamSettings s_adam = new(0.01, 0, 0.99, 3, 1e-6);

    private readonly KernelBackend _backend;

    internal BatchStepTests(KernelBackend backend) => _backend = backend;

    public static TheoryData<int, int, int, ScalarType> Sizes
    {
        get
        {
            var data = new TheoryData<int, int, int, ScalarType>();
            foreach (var type in new[] { ScalarType.BFloat16, ScalarType.Float16, ScalarType.Float32 })
            {
                data.Add(0, 4, 6, type);
                data.Add(3, 4, 0, type);
                data.Add(1, 2, 2, type);
                data.Add(9, 6, 34, type);
                data.Add(33, 130, 258, type);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Losses_weights_and_moments_are_those_of_torchs_derivatives(int rows, int width, int latents, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (weights, z, x, y) = Random(rows, width, latents, type);
        var before = new StepWeights(
            weights.Encoder.clone(), weights.Decoder.clone(), weights.EncoderSecond.clone(), weights.DecoderSecond.clone(), weights.Scalars.clone(), weights.DecoderBias.clone());
        var (losses, counts) = BatchStep.Take(weights, z, x, y, Bandwidth, Slope, s_adam, _backend);

        static Tensor Wide(Tensor tensor) => tensor.to(ScalarType.Float64);
        var (bias, theta) = (Wide(before.Scalars.select(1, 0)), Wide(before.Scalars.select(1, 1)));
        var over = Wide(z) - (theta - bias);
        var (active, window) = (Wide(over.gt(0)), Wide(over.abs().lt(Bandwidth / 2)));
        RandomDictionary.AssertClose((active + window).gt(0).sum([1L]), counts, 0, "the number of entries");

        // The residual is rounded before it is used: its gradient is taken as given, and torch's derivatives follow from Σ g·x̂.
        var (decoder, shift) = (Wide(before.Decoder).requires_grad_(), bias.clone().requires_grad_());
        var code = (Wide(z) + shift) * active;
        var reconstruction = code.matmul(decoder) + before.DecoderBias;
        var residual = reconstruction.detach() - Wide(y);
        RandomDictionary.AssertClose(residual.square().sum([1L]), losses, 1e-5, "the loss");
        var g = Wide((residual * (2.0 / Math.Max(1, rows))).to(type));
        (g * reconstruction).sum().backward();
        var df = g.matmul(Wide(before.Decoder).t());
        var byTheta = -((theta * (window * df).sum([0L])) + (Slope * window.sum([0L]))) / Bandwidth;
        var half = type == ScalarType.BFloat16 ? 1.0 / 256 : type == ScalarType.Float16 ? 1.0 / 2048 : 2e-5;
        Check(weights.Encoder, weights.EncoderSecond, before.Encoder, before.EncoderSecond, (active * df).t().matmul(Wide(x)), half, "the encoder");
        Check(weights.Decoder, weights.DecoderSecond, before.Decoder, before.DecoderSecond, decoder.grad!, half, "the direction", isUnit: true);
        Check(weights.Scalars.select(1, 0), weights.Scalars.select(1, 2), bias, before.Scalars.select(1, 2), shift.grad!, 2e-5, "the bias");
        Check(weights.Scalars.select(1, 1), weights.Scalars.select(1, 3), theta, before.Scalars.select(1, 3), byTheta, 2e-5, "the threshold");
    }

    [Fact]
    public void What_is_not_a_number_reaches_the_loss()
    {
        using var scope = NewDisposeScope();
        var (weights, z, x, y) = Random(4, 6, 10, ScalarType.BFloat16);
        _ = z[2].fill_(double.NaN);
        var (losses, _) = BatchStep.Take(weights, z, x, y, Bandwidth, Slope, s_adam, _backend);
        Assert.Equal([false, false, true, false], losses.isnan().data<bool>().ToArray());
    }

    [Fact]
    public void Hostile_input_is_refused()
    {
        using var scope = NewDisposeScope();
        var (weights, z, x, y) = Random(4, 6, 10, ScalarType.BFloat16);
        Assert.Throws<ShapeMismatchException>(() => BatchStep.Take(weights, z, x[..3], y, Bandwidth, Slope, s_adam, _backend));
        Assert.Throws<ArgumentException>(() => BatchStep.Take(weights, z, x, y, 0, Slope, s_adam, _backend));
        Assert.Throws<ArgumentException>(() => BatchStep.Take(weights, z, x.to(ScalarType.Float32), y, Bandwidth, Slope, s_adam, _backend));
        Assert.Throws<ArgumentException>(() => BatchStep.Take(weights, z, x, y, Bandwidth, Slope, s_adam with { Beta1 = 0.9 }, _backend));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var scope = NewDisposeScope();
        var (weights, z, x, y) = Random(4, 6, 10, ScalarType.BFloat16);
        LiveTensors.AssertNoGrowth(() =>
        {
            var (losses, counts) = BatchStep.Take(weights, z, x, y, Bandwidth, Slope, s_adam, _backend);
            losses.Dispose();
            counts.Dispose();
        });
    }

    private static void Check(Tensor made, Tensor madeSecond, Tensor before, Tensor second, Tensor gradient, double tolerance, string what, bool isUnit = false)
    {
        var (w, q) = (before.to(ScalarType.Float64), gradient.detach());
        q = isUnit ? q - ((q * w).sum(1, keepdim: true) * w) : q;
        var v = (second.to(ScalarType.Float64) * s_adam.Beta2) + (q.square() * (1 - s_adam.Beta2));
        var stepped = w - (s_adam.Rate * q / ((v / (1 - Math.Pow(s_adam.Beta2, s_adam.Step))).sqrt() + s_adam.Epsilon));
        RandomDictionary.AssertClose(v, madeSecond, 2e-5, $"the second moment of {what}");
        RandomDictionary.AssertClose(isUnit ? stepped / stepped.norm(1, keepdim: true) : stepped, made, tolerance, what);
    }

    private static (StepWeights Weights, Tensor Products, Tensor X, Tensor Y) Random(int rows, int width, int latents, ScalarType type)
    {
        using var generator = new Generator(5, CPU);
        Tensor Normal(params long[] sizes) => randn(sizes, generator: generator);
        var decoder = Normal(latents, width);
        var scalars = cat([Normal(latents, 1) * 0.1, (Normal(latents, 1).abs() * 0.2) + 0.9, full([latents, 2], 0.01f)], 1).contiguous();
        var weights = new StepWeights(
            Normal(latents, width).to(type), (decoder / decoder.norm(1, keepdim: true)).to(type), full([latents, width], 0.02f), full([latents, width], 0.02f), scalars, Normal(width) * 0.1);
        return (weights, Normal(rows, latents).to(type), Normal(rows, width).to(type), Normal(rows, width).to(type));
    }
}

/// <summary>Plain torch operations.</summary>
public sealed class ReferenceBatchStepTests() : BatchStepTests(KernelBackend.Reference);

/// <summary>The CPU's kernels.</summary>
public sealed class CpuBatchStepTests() : BatchStepTests(KernelBackend.Cpu);

/// <summary>The ILGPU kernels on ILGPU's accelerator for the CPU.</summary>
public sealed class GpuBatchStepTests() : BatchStepTests(KernelBackend.Gpu);
