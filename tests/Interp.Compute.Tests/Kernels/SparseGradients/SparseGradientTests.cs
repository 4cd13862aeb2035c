using Interp.Compute.Kernels;
using Interp.Compute.Kernels.SparseGradients;
using Interp.Compute.Kernels.ThresholdCodes;
using Interp.Compute.Tests.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.SparseGradients;

/// <summary>Gradients from sparse codes against products of whole matrices in float64; derived once a version.</summary>
public abstract class SparseGradientTests
{
    private readonly KernelBackend _backend;
    private readonly ScalarType _type;
    private readonly double _rounding;

    internal SparseGradientTests(KernelBackend backend, ScalarType type)
    {
        _backend = backend;
        _type = type;
        _rounding = type == ScalarType.Float64 && backend != KernelBackend.Gpu ? 1e-10 : 5e-5;
    }

    public static TheoryData<int, int, int, double> Sizes => RandomDictionary.Sizes;

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gradients_are_those_of_whole_matrices(int rows, int width, int latents, double threshold)
    {
        foreach (var loss in (LatentLoss[])[new(0, 0), new(RandomDictionary.Bandwidth, 0.3), new(RandomDictionary.Bandwidth, 0.3, true, 0.7)])
        {
            using var scope = NewDisposeScope();
            using var made = new RandomDictionary(rows, width, latents, threshold, _type);
            using var codes = Codes(made, loss);
            var revived = loss.Revival > 0 ? made.Revived : null;
            using var gradients = SparseGradient.Compute(codes, made.Upstream, made.X, made.Weights.Encoder, made.Weights.Decoder, made.Weights.Thresholds, loss, revived, _backend);
            var expected = Expected(made, codes, loss, revived);
            RandomDictionary.AssertClose(expected.Encoder, gradients.Encoder, _rounding, "the encoder's gradient");
            RandomDictionary.AssertClose(expected.Bias, gradients.EncoderBias, _rounding, "the bias's gradient");
            RandomDictionary.AssertClose(expected.Decoder, gradients.Decoder, _rounding, "the decoder's gradient");
            RandomDictionary.AssertClose(expected.Theta, gradients.Thresholds, _rounding, "the thresholds' gradient");
            RandomDictionary.AssertClose(expected.Bias.matmul(made.Weights.Encoder.to(ScalarType.Float64)), gradients.Input, _rounding, "the inputs' gradient");
            RandomDictionary.AssertClose(codes.Mask(CodeTile.Active).sum([0L]), gradients.Firings, 0, "the firings");
        }
    }

    [Fact]
    public void Sizes_that_do_not_belong_together_are_refused()
    {
        using var made = new RandomDictionary(20, 6, 30, 0.5, _type);
        using var codes = Codes(made, new LatentLoss(0));
        Assert.Throws<ShapeMismatchException>(() => SparseGradient.Compute(codes, made.Upstream, made.X, made.X, made.Weights.Decoder, made.Weights.Thresholds, default, null, _backend));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var made = new RandomDictionary(20, 6, 30, 0.5, _type);
        var loss = new LatentLoss(RandomDictionary.Bandwidth, 0.3, true, 0.7);
        using var codes = Codes(made, loss);
        LiveTensors.AssertNoGrowth(() => SparseGradient.Compute(codes, made.Upstream, made.X, made.Weights.Encoder, made.Weights.Decoder, made.Weights.Thresholds, loss, made.Revived, _backend).Dispose());
    }

    private static SparseCodes Codes(RandomDictionary made, LatentLoss loss)
    {
        var codes = new SparseCodes();
        _ = ThresholdEncoder.Encode(made.X, made.Weights.Encoder, made.Weights.EncoderBias, made.Weights.Thresholds, loss.Bandwidth, codes);
        return codes;
    }

    private static (Tensor Encoder, Tensor Bias, Tensor Decoder, Tensor Theta) Expected(RandomDictionary made, SparseCodes codes, LatentLoss loss, Tensor? revived)
    {
        var (active, window) = (codes.Mask(CodeTile.Active).to(ScalarType.Float64), codes.Mask(CodeTile.Window).to(ScalarType.Float64));
        var (g, x) = (made.Upstream.to(ScalarType.Float64), made.X.to(ScalarType.Float64));
        var byCode = g.matmul(made.Weights.Decoder.to(ScalarType.Float64).t());
        var byZ = active * byCode;
        var byTheta = zeros(codes.Latents, ScalarType.Float64);
        if (loss.Bandwidth > 0)
        {
            byTheta = -((window * byCode * made.Weights.Thresholds).sum([0L]) + (window.sum([0L]) * loss.Slope)) / loss.Bandwidth;
            byZ += loss.StepGradientToInput ? window * ((byCode * made.Weights.Thresholds) + loss.Slope) / loss.Bandwidth : 0.0;
        }

        if (revived is not null)
        {
            var below = (1 - active) * revived * loss.Revival;
            byZ -= below;
            byTheta += below.sum([0L]);
        }

        return (byZ.t().matmul(x), byZ.sum([0L]), codes.ToDense().to(ScalarType.Float64).t().matmul(g), byTheta);
    }
}

/// <summary>Plain torch operations.</summary>
public sealed class ReferenceSparseGradientTests() : SparseGradientTests(KernelBackend.Reference, ScalarType.Float64);

/// <summary>SIMD and threads, float64.</summary>
public sealed class CpuSparseGradientTests() : SparseGradientTests(KernelBackend.Cpu, ScalarType.Float64);

/// <summary>SIMD and threads, float32.</summary>
public sealed class SingleSparseGradientTests() : SparseGradientTests(KernelBackend.Cpu, ScalarType.Float32);

/// <summary>The ILGPU kernels on ILGPU's accelerator for the CPU.</summary>
public sealed class GpuSparseGradientTests() : SparseGradientTests(KernelBackend.Gpu, ScalarType.Float32);
