using Interp.Compute.Kernels.RowNorms;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.RowNorms;

/// <summary>Norms of rows against the definition in float64; derived once a version.</summary>
public abstract class RowNormTests
{
    internal delegate NormedRows Norm(Tensor value, NormSettings settings, Tensor? weight, Tensor? bias, Tensor? scale);

    internal abstract Norm Version { get; }

    [Theory]
    [InlineData(1, 1, true, true)]
    [InlineData(3, 7, true, false)]
    [InlineData(5, 16, false, true)]
    [InlineData(130, 200, true, true)]
    [InlineData(130, 201, false, false)]
    public void Output_divisor_and_normalised_value_are_those_of_float64(int rows, int width, bool centres, bool weighs)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        var value = (randn([rows, width], generator: generator) * 3) + 2;
        var (weight, bias) = weighs ? (randn([width], generator: generator), randn([width], generator: generator)) : (null, null);
        var made = Version(value, new NormSettings(centres, 1e-5, KeepsNormalized: true), weight, bias, null);

        var x = value.to(ScalarType.Float64);
        x = centres ? x - x.mean([-1], keepdim: true) : x;
        var scale = (x.square().mean([-1], keepdim: true) + 1e-5).sqrt();
        AssertClose(scale, made.Scale);
        AssertClose(x / scale, made.Normalized!);
        AssertClose(weight is null ? x / scale : (x / scale * weight) + bias!, made.Output);
    }

    [Fact]
    public void A_given_divisor_is_used_and_given_back()
    {
        using var scope = NewDisposeScope();
        var value = arange(12, dtype: ScalarType.Float32).view(3, 4);
        var made = Version(value, new NormSettings(false, 1e-5, KeepsNormalized: false), null, null, full([3, 1], 2f));
        Assert.Null(made.Normalized);
        AssertClose(value / 2, made.Output);
        AssertClose(full([3, 1], 2f), made.Scale);
    }

    private static void AssertClose(Tensor expected, Tensor made)
    {
        Assert.Equal(expected.shape, made.shape);
        Assert.InRange((made.to(ScalarType.Float64) - expected).abs().max().ToDouble(), 0, 4e-6);
    }
}

public sealed class CpuRowNormTests : RowNormTests
{
    internal override Norm Version => CpuRowNorm.Apply;

    [Fact]
    public void The_output_is_the_same_bits_whatever_is_kept_and_with_its_own_divisor_given()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2, CPU);
        var (value, weight, bias) = (randn([64, 96], generator: generator), randn([96], generator: generator), randn([96], generator: generator));
        var bare = CpuRowNorm.Apply(value, new NormSettings(true, 1e-5, false), weight, bias, null);
        var kept = CpuRowNorm.Apply(value, new NormSettings(true, 1e-5, true), weight, bias, bare.Scale);
        Assert.True(bare.Output.equal(kept.Output).all().ToBoolean());
        Assert.True(((kept.Normalized! * weight) + bias).equal(bare.Output).all().ToBoolean());
    }
}

public sealed class GpuRowNormTests : RowNormTests
{
    internal override Norm Version => GpuRowNorm.Apply;
}

public sealed class ReferenceRowNormTests : RowNormTests
{
    internal override Norm Version => ReferenceRowNorm.Apply;
}
