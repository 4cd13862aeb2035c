using Interp.Compute.Kernels.MaskedSoftmaxes;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.MaskedSoftmaxes;

/// <summary>Scores and patterns against the definition in float64; derived once a version.</summary>
public abstract class MaskedSoftmaxTests
{
    internal delegate (Tensor Scores, Tensor Pattern) Softmax(Tensor scores, double scale, Tensor? term);

    internal abstract Softmax Version { get; }

    [Theory]
    [InlineData(1, 1, 1, 1, "none")]
    [InlineData(2, 3, 5, 7, "causal")]
    [InlineData(2, 3, 33, 33, "causal")]
    [InlineData(3, 2, 4, 40, "heads")]
    [InlineData(3, 2, 17, 17, "padding")]
    public void Scores_and_pattern_are_those_of_float64(int batch, int heads, int queries, int keys, string kind)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        var products = randn([batch, heads, queries, keys], generator: generator) * 5;
        var term = Term(kind, batch, heads, queries, keys);
        var expected = products.to(ScalarType.Float64) * 0.3;
        expected = term is null ? expected : expected + term;
        var (scores, pattern) = Version(products.clone(), 0.3, term);

        var isSeen = expected.isfinite();
        Assert.True(scores.isfinite().equal(isSeen).all().ToBoolean());
        Assert.InRange((scores.to(ScalarType.Float64) - expected).masked_fill(isSeen.logical_not(), 0).abs().max().ToDouble(), 0, 2e-6);
        var isBlind = isSeen.any(-1, keepdim: true).logical_not();
        var softmax = expected.masked_fill(isBlind, 0).softmax(-1).masked_fill(isBlind, 0);
        Assert.InRange((pattern.to(ScalarType.Float64) - softmax).abs().max().ToDouble(), 0, 1e-6);
        Assert.True(pattern.masked_select(isSeen.logical_not().expand(pattern.shape)).eq(0).all().ToBoolean());
    }

    private static Tensor? Term(string kind, int batch, int heads, int queries, int keys) => kind switch
    {
        "causal" => zeros(1, 1, queries, keys).masked_fill(ones(queries, keys, dtype: ScalarType.Bool).triu(1), double.NegativeInfinity),
        "heads" => arange(heads * keys, dtype: ScalarType.Float32).view(1, heads, 1, keys) / 10,
        "padding" => zeros(1, 1, queries, keys).masked_fill(ones(queries, keys, dtype: ScalarType.Bool).triu(1), double.NegativeInfinity)
            .masked_fill((arange(keys).view(1, 1, 1, keys) < arange(batch).view(batch, 1, 1, 1)), double.NegativeInfinity),
        _ => null,
    };
}

public sealed class CpuMaskedSoftmaxTests : MaskedSoftmaxTests
{
    internal override Softmax Version => MaskedSoftmax.Apply;

    [Fact]
    public void In_place_gives_the_same_bits()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4, CPU);
        var products = randn([1, 2, 9, 35], generator: generator);
        var (_, pattern) = MaskedSoftmax.Apply(products.clone(), 0.5, null);
        Assert.True(MaskedSoftmax.ApplyInPlace(products.clone(), 0.5, null).equal(pattern).all().ToBoolean());
    }
}

public sealed class GpuMaskedSoftmaxTests : MaskedSoftmaxTests
{
    internal override Softmax Version => GpuMaskedSoftmax.Apply;
}

public sealed class ReferenceMaskedSoftmaxTests : MaskedSoftmaxTests
{
    internal override Softmax Version => ReferenceMaskedSoftmax.Apply;
}
