using Interp.Compute.Kernels;
using Interp.Compute.Kernels.UnitRowAdam;
using Interp.Compute.Tests.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.UnitRowAdam;

/// <summary>Steps of Adam against its formulas number by number in float64; derived once a version.</summary>
public abstract class RowAdamStepTests
{
    private readonly KernelBackend _backend;
    private readonly ScalarType _type;
    private readonly double _rounding;

    internal RowAdamStepTests(KernelBackend backend, ScalarType type)
    {
        _backend = backend;
        _type = type;
        _rounding = type == ScalarType.Float64 && backend != KernelBackend.Gpu ? 1e-12 : 2e-6;
    }

    [Theory]
    [InlineData(5, 37, 0, RowLength.Unit)]
    [InlineData(5, 37, 0.9, RowLength.Unit)]
    [InlineData(70, 16, 0, RowLength.Free)]
    [InlineData(3, 1, 0.9, RowLength.Free)]
    [InlineData(0, 4, 0, RowLength.Free)]
    public void Three_steps_follow_the_formulas(int rows, int width, double beta1, RowLength length)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        var weights = randn([rows, width], generator: generator).to(_type);
        weights = length == RowLength.Unit ? weights / weights.norm(1, keepdim: true) : weights;
        var (first, second) = (beta1 > 0 ? zeros_like(weights) : null, zeros_like(weights));
        var expected = weights.to(ScalarType.Float64).clone();
        var (m, v) = (zeros_like(expected), zeros_like(expected));
        for (var step = 1; step <= 3; step++)
        {
            var gradient = randn([rows, width], generator: generator).to(_type);
            var g = gradient.to(ScalarType.Float64).clone();
            RowAdamStep.Take(weights, first, second, gradient, new AdamSettings(0.01, beta1, 0.99, step), length, _backend);
            g = length == RowLength.Unit ? g - ((g * expected).sum(1, keepdim: true) * expected) : g;
            m = (m * beta1) + (g * (1 - beta1));
            v = (v * 0.99) + (g * g * 0.01);
            expected = expected - (m / (1 - Math.Pow(beta1, step)) / ((v / (1 - Math.Pow(0.99, step))).sqrt() + 1e-8) * 0.01);
            expected = length == RowLength.Unit ? expected / expected.norm(1, keepdim: true) : expected;
            RandomDictionary.AssertClose(expected, weights, _rounding, $"the weights after step {step}");
            RandomDictionary.AssertClose(v, second, _rounding, $"the second moments after step {step}");
        }
    }

    [Fact]
    public void First_moments_without_their_rate_and_other_sizes_are_refused()
    {
        using var weights = ones([2, 3], _type);
        using var other = ones([3, 3], _type);
        Assert.Throws<ArgumentException>(() => RowAdamStep.Take(weights, weights, weights, weights, new AdamSettings(1, 0, 0.9, 1), RowLength.Free, _backend));
        Assert.Throws<ArgumentException>(() => RowAdamStep.Take(weights, null, weights, weights, new AdamSettings(1, 0.5, 0.9, 1), RowLength.Free, _backend));
        Assert.Throws<ShapeMismatchException>(() => RowAdamStep.Take(weights, null, other, weights, new AdamSettings(1, 0, 0.9, 1), RowLength.Free, _backend));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var weights = ones([2, 3], _type);
        using var second = ones([2, 3], _type);
        using var gradient = ones([2, 3], _type);
        LiveTensors.AssertNoGrowth(() => RowAdamStep.Take(weights, null, second, gradient, new AdamSettings(1, 0, 0.9, 1), RowLength.Unit, _backend));
    }
}

/// <summary>Plain torch operations.</summary>
public sealed class ReferenceRowAdamTests() : RowAdamStepTests(KernelBackend.Reference, ScalarType.Float64);

/// <summary>SIMD and threads, float64.</summary>
public sealed class CpuRowAdamTests() : RowAdamStepTests(KernelBackend.Cpu, ScalarType.Float64);

/// <summary>SIMD and threads, float32.</summary>
public sealed class SingleRowAdamTests() : RowAdamStepTests(KernelBackend.Cpu, ScalarType.Float32);

/// <summary>The ILGPU kernels on ILGPU's accelerator for the CPU.</summary>
public sealed class GpuRowAdamTests() : RowAdamStepTests(KernelBackend.Gpu, ScalarType.Float32);
