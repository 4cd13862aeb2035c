using Interp.Compute.Kernels;
using Interp.Compute.Kernels.SparseDecode;
using Interp.Compute.Kernels.ThresholdCodes;
using Interp.Compute.Tests.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.SparseDecode;

/// <summary>Decoded rows against the product of matrices in float64; derived once a version.</summary>
public abstract class SparseDecoderTests
{
    private readonly KernelBackend _backend;
    private readonly ScalarType _type;
    private readonly double _rounding;

    internal SparseDecoderTests(KernelBackend backend, ScalarType type)
    {
        _backend = backend;
        _type = type;
        _rounding = type == ScalarType.Float64 && backend != KernelBackend.Gpu ? 1e-12 : 2e-5;
    }

    public static TheoryData<int, int, int, double> Sizes => RandomDictionary.Sizes;

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Residuals_are_those_of_the_product(int rows, int width, int latents, double threshold)
    {
        using var scope = NewDisposeScope();
        using var made = new RandomDictionary(rows, width, latents, threshold, _type);
        using var codes = Codes(made);
        var (residual, sum) = (empty_like(made.X), empty([width], _type));
        var squares = SparseDecoder.Residual(codes, made.Weights.Decoder, made.Weights.DecoderBias, made.X, 0.5, residual, sum, _backend);
        var expected = codes.ToDense().to(ScalarType.Float64).matmul(made.Weights.Decoder.to(ScalarType.Float64)) + made.Weights.DecoderBias - made.X;
        RandomDictionary.AssertClose(expected * 0.5, residual, _rounding, "the residual");
        RandomDictionary.AssertClose((expected * 0.5).sum([0L]), sum, _rounding, "the residual's sum");
        Assert.Equal(expected.square().sum().item<double>(), squares, _rounding * Math.Max(1, squares));
        _ = SparseDecoder.Residual(codes, made.Weights.Decoder, made.Weights.DecoderBias, null, 1, residual, sum, _backend);
        RandomDictionary.AssertClose(expected + made.X, residual, _rounding, "the reconstruction");
    }

    [Fact]
    public void Sizes_that_do_not_belong_together_are_refused()
    {
        using var made = new RandomDictionary(20, 6, 30, 0.5, _type);
        using var codes = Codes(made);
        using var sum = empty([6], _type);
        Assert.Throws<ShapeMismatchException>(() => SparseDecoder.Residual(codes, made.X, made.Weights.DecoderBias, null, 1, made.Upstream, sum, _backend));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var made = new RandomDictionary(20, 6, 30, 0.5, _type);
        using var codes = Codes(made);
        using var sum = empty([6], _type);
        LiveTensors.AssertNoGrowth(() => SparseDecoder.Residual(codes, made.Weights.Decoder, made.Weights.DecoderBias, made.X, 1, made.Upstream, sum, _backend));
    }

    private static SparseCodes Codes(RandomDictionary made)
    {
        var codes = new SparseCodes();
        _ = ThresholdEncoder.Encode(made.X, made.Weights.Encoder, made.Weights.EncoderBias, made.Weights.Thresholds, RandomDictionary.Bandwidth, codes);
        return codes;
    }
}

/// <summary>Plain torch operations.</summary>
public sealed class ReferenceSparseDecoderTests() : SparseDecoderTests(KernelBackend.Reference, ScalarType.Float64);

/// <summary>SIMD and threads, float64.</summary>
public sealed class CpuSparseDecoderTests() : SparseDecoderTests(KernelBackend.Cpu, ScalarType.Float64);

/// <summary>SIMD and threads, float32.</summary>
public sealed class SingleSparseDecoderTests() : SparseDecoderTests(KernelBackend.Cpu, ScalarType.Float32);

/// <summary>The ILGPU kernels on ILGPU's accelerator for the CPU.</summary>
public sealed class GpuSparseDecoderTests() : SparseDecoderTests(KernelBackend.Gpu, ScalarType.Float32);
