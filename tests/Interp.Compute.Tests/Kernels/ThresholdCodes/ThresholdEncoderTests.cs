using Interp.Compute.Kernels;
using Interp.Compute.Kernels.ThresholdCodes;
using Interp.Compute.Tests.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.ThresholdCodes;

/// <summary>The compacted codes against the matrix of pre-activations in float64; derived once a version.</summary>
public abstract class ThresholdEncoderTests
{
    private readonly KernelBackend _backend;
    private readonly ScalarType _type;
    private readonly double _rounding;

    internal ThresholdEncoderTests(KernelBackend backend, ScalarType type)
    {
        _backend = backend;
        _type = type;
        _rounding = type == ScalarType.Float64 && backend != KernelBackend.Gpu ? 1e-12 : 2e-6;
    }

    public static TheoryData<int, int, int, double> Sizes => RandomDictionary.Sizes;

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Codes_and_window_are_those_of_the_whole_matrix(int rows, int width, int latents, double threshold)
    {
        using var scope = NewDisposeScope();
        using var made = new RandomDictionary(rows, width, latents, threshold, _type);
        using var codes = new SparseCodes();
        var weights = made.Weights;
        Assert.True(ThresholdEncoder.Encode(made.X, weights.Encoder, weights.EncoderBias, weights.Thresholds, RandomDictionary.Bandwidth, codes, backend: _backend));
        var z = made.X.to(ScalarType.Float64).matmul(weights.Encoder.to(ScalarType.Float64).t()) + weights.EncoderBias;
        var over = z - weights.Thresholds;
        var sure = over.abs().gt(_rounding * 10);
        var active = over.gt(0).to(ScalarType.Float64);
        var distance = (over.abs() - (RandomDictionary.Bandwidth / 2)).abs();
        RandomDictionary.AssertClose(z * active * sure, codes.ToDense() * sure, _rounding, "the code");
        RandomDictionary.AssertClose(active * sure, codes.Mask(CodeTile.Active) * sure, 0, "the active mask");
        var window = over.abs().lt(RandomDictionary.Bandwidth / 2).to(ScalarType.Float64) * distance.gt(_rounding * 10);
        RandomDictionary.AssertClose(window, codes.Mask(CodeTile.Window) * distance.gt(_rounding * 10), 0, "the window mask");
        Assert.Equal(codes.Mask(CodeTile.Active).to(ScalarType.Float64).sum().item<double>(), codes.ActiveCount);
        Assert.Equal(codes.Mask(CodeTile.Active | CodeTile.Window).to(ScalarType.Float64).sum().item<double>(), codes.Count);
    }

    [Fact]
    public void It_gives_up_where_there_are_more_entries_than_asked_for()
    {
        using var made = new RandomDictionary(40, 6, 30, -1e6, _type);
        using var codes = new SparseCodes();
        var weights = made.Weights;
        Assert.False(ThresholdEncoder.Encode(made.X, weights.Encoder, weights.EncoderBias, weights.Thresholds, 0, codes, 1199, _backend));
        Assert.True(ThresholdEncoder.Encode(made.X, weights.Encoder, weights.EncoderBias, weights.Thresholds, 0, codes, 1200, _backend));
        Assert.Equal(1200, codes.Count);
    }

    [Fact]
    public void What_is_not_a_number_is_not_lost()
    {
        using var made = new RandomDictionary(4, 6, 30, 0.5, _type);
        using var codes = new SparseCodes();
        var weights = made.Weights;
        _ = made.X[2].fill_(double.NaN);
        Assert.True(ThresholdEncoder.Encode(made.X, weights.Encoder, weights.EncoderBias, weights.Thresholds, 0, codes, backend: _backend));
        using var dense = codes.ToDense();
        using var broken = dense.isnan().sum();
        Assert.Equal(30, broken.item<long>());
    }

    [Fact]
    public void Sizes_that_do_not_belong_together_are_refused()
    {
        using var made = new RandomDictionary(4, 6, 30, 0.5, _type);
        using var codes = new SparseCodes();
        using var narrow = zeros([30, 5], _type);
        Assert.Throws<ShapeMismatchException>(() => ThresholdEncoder.Encode(made.X, narrow, made.Weights.EncoderBias, made.Weights.Thresholds, 0, codes, backend: _backend));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var made = new RandomDictionary(20, 6, 30, 0.5, _type);
        using var codes = new SparseCodes();
        LiveTensors.AssertNoGrowth(() => ThresholdEncoder.Encode(made.X, made.Weights.Encoder, made.Weights.EncoderBias, made.Weights.Thresholds, 0.1, codes, backend: _backend));
    }
}

/// <summary>Plain torch operations.</summary>
public sealed class ReferenceThresholdEncoderTests() : ThresholdEncoderTests(KernelBackend.Reference, ScalarType.Float64);

/// <summary>SIMD and threads, float64.</summary>
public sealed class CpuThresholdEncoderTests() : ThresholdEncoderTests(KernelBackend.Cpu, ScalarType.Float64);

/// <summary>SIMD and threads, float32.</summary>
public sealed class SingleThresholdEncoderTests() : ThresholdEncoderTests(KernelBackend.Cpu, ScalarType.Float32);

/// <summary>The ILGPU kernels on ILGPU's accelerator for the CPU.</summary>
public sealed class GpuThresholdEncoderTests() : ThresholdEncoderTests(KernelBackend.Gpu, ScalarType.Float32);
