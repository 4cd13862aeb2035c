using Interp.Compute.Kernels.SigmoidGates;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.SigmoidGates;

/// <summary>x·σ(a·x + c·x³) against the definition in float64; derived once a version.</summary>
public abstract class SigmoidGateTests
{
    private static readonly double s_linear = 2 * Math.Sqrt(2 / Math.PI);

    internal delegate Tensor Gate(Tensor value, Tensor? factor, double linear, double cubic);

    internal abstract Gate Version { get; }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(4097)]
    [InlineData(70001)]
    public void Gelu_and_silu_are_those_of_float64(int count)
    {
        using var scope = NewDisposeScope();
        var value = linspace(-12, 12, count, dtype: ScalarType.Float32);
        var factor = linspace(3, -5, count, dtype: ScalarType.Float32);
        var (x, up) = (value.to(ScalarType.Float64), factor.to(ScalarType.Float64));
        AssertClose(0.5 * x * (1 + (Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x.pow(3)))).tanh()), Version(value, null, s_linear, s_linear * 0.044715));
        AssertClose(x * x.sigmoid(), Version(value, null, 1, 0));
        AssertClose(x * x.sigmoid() * up, Version(value, factor, 1, 0));
    }

    [Fact]
    public void Extremes_neither_overflow_nor_turn_into_nothing()
    {
        using var scope = NewDisposeScope();
        var made = Version(tensor(new[] { -1e30f, -200, 0, 200, 1e30f, float.NaN }), null, 1, 0).data<float>().ToArray();
        Assert.Equal([0, 0, 0, 200, 1e30f, float.NaN], made.Select(value => value == 0 ? 0 : value));
    }

    private static void AssertClose(Tensor expected, Tensor made) =>
        Assert.InRange(((made.to(ScalarType.Float64) - expected).abs() / expected.abs().clamp(min: 1)).max().ToDouble(), 0, 1e-6);
}

public sealed class CpuSigmoidGateTests : SigmoidGateTests
{
    internal override Gate Version => CpuSigmoidGate.Apply;
}

public sealed class GpuSigmoidGateTests : SigmoidGateTests
{
    internal override Gate Version => GpuSigmoidGate.Apply;
}

public sealed class ReferenceSigmoidGateTests : SigmoidGateTests
{
    // The reference is named by function: SiLU has a linear term of one.
    internal override Gate Version => (value, factor, linear, _) => linear == 1 ? ReferenceSigmoidGate.Silu(value, factor) : ReferenceSigmoidGate.GeluTanh(value, factor);
}
