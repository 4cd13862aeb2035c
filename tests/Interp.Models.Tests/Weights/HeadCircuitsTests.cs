using Interp.Compute;
using Interp.Models.Hooks;
using Interp.Models.Tests.Hooks;
using Interp.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Weights;

public sealed class HeadCircuitsTests
{
    [Fact]
    public void Norm_singular_values_and_eigenvalues_of_the_factors_are_those_of_the_product()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var factored = new FactoredMatrix(randn(9, 3, dtype: ScalarType.Float64), randn(3, 9, dtype: ScalarType.Float64));
        var product = factored.Product();
        Assert.Equal(product.norm().ToDouble(), factored.Norm(), 12);
        var full = linalg.svdvals(product).data<double>().ToArray();
        Assert.All(factored.SingularValues().Zip(full), pair => Assert.Equal(pair.Second, pair.First, 11));
        var (u, s, v) = factored.Svd();
        Assert.InRange(TinyModels.Difference((u * s).matmul(v.t()), product), 0, 1e-12);
        var (sum, trace) = (factored.Eigenvalues().Aggregate((a, b) => a + b), product.trace().ToDouble());
        Assert.Equal(trace, sum.Real, 11);
        Assert.Equal(0, sum.Imaginary, 11);
        using var squared = factored.Times(factored);
        Assert.InRange(TinyModels.Difference(squared.Product(), product.matmul(product)), 0, 1e-11);
        using var transposed = factored.Transposed();
        Assert.InRange(TinyModels.Difference(transposed.Product(), product.t()), 0, 1e-12);
        Assert.Throws<ShapeMismatchException>(() => new FactoredMatrix(ones(2, 3), ones(2, 3)));
    }

    [Fact]
    public void Scores_of_a_rotated_head_are_those_of_its_circuit_at_the_distance()
    {
        using var model = HookSemanticsTests.Open("rotary", ScalarType.Float64);
        using var scope = NewDisposeScope();
        using var ids = TinyModels.Ids([1, 2, 3, 4, 5]);

        // Without biases, scores are x·QK(offset)·yᵀ times the scale.
        var parameters = model.Parameters.ToDictionary(pair => pair.Key, pair => pair.Key.Contains(".b_", StringComparison.Ordinal) ? zeros_like(pair.Value) : pair.Value);
        using var plain = LanguageModel.Create(model.Config, parameters, options: new ModelLoadOptions { Dtype = ScalarType.Float64 });
        using var run = plain.Run(ids, new RunOptions { Capture = HookFilter.All });
        var read = run.Cache["blocks.1.ln1.hook_normalized"][0] * plain.Parameters["blocks.1.ln1.w"];
        foreach (var (query, key) in new[] { (4, 1), (3, 3), (2, 0) })
        {
            using var circuit = plain.QueryKey(1, 2, query - key);
            var expected = read[query].unsqueeze(0).matmul(circuit.Product()).matmul(read[key].unsqueeze(1)) * plain.Config.AttentionScale;
            Assert.Equal(expected.ToDouble(), run.Cache["attn_scores", 1][0, 2, query, key].ToDouble(), 11);
        }

        using var moved = plain.OutputValue(1, 2);
        Assert.Equal([12, 12], moved.Product().shape);
        Assert.Throws<InterpException>(() => plain.QueryKey(0, 3));
        Assert.Throws<InterpException>(() => plain.QueryKey(0, 0, -1));
    }

    [Fact]
    public void Composition_equals_its_definition_on_whole_matrices()
    {
        using var model = HookSemanticsTests.Open("toy", ScalarType.Float64);
        using var scope = NewDisposeScope();
        foreach (var kind in Enum.GetValues<Composition>())
        {
            var scores = model.CompositionScores(kind);
            var first = model.OutputValue(0, 1).Product();
            var second = kind switch
            {
                Composition.Query => model.QueryKey(1, 2).Product(),
                Composition.Key => model.QueryKey(1, 2).Product().t(),
                _ => model.OutputValue(1, 2).Product(),
            };
            Assert.Equal((first.matmul(second).norm() / (first.norm() * second.norm())).ToDouble(), scores[0, 1, 1, 2], 12);
            Assert.Equal(0, scores[1, 1, 0, 2]);
        }

        Assert.InRange(model.RandomComposition(), 0.1, 0.9);
        Assert.Equal(model.RandomComposition(3), model.RandomComposition(3));
    }

    [Fact]
    public void Stacks_and_biases()
    {
        using var model = HookSemanticsTests.Open("toy", ScalarType.Float64);
        using var scope = NewDisposeScope();
        Assert.Equal([2, 3, 12, 5], model.Stacked("attn.W_Q").shape);
        Assert.Throws<InterpException>(() => model.Stacked("attn.W_X"));
        Assert.InRange(TinyModels.Difference(model.AccumulatedBias(1), model.Parameters["blocks.0.attn.b_O"] + model.Parameters["blocks.0.mlp.b_out"]), 0, 1e-15);
        LiveTensors.AssertNoGrowth(() =>
        {
            using var bias = model.AccumulatedBias(2);
            model.CompositionScores(Composition.Query);
            using var circuit = model.QueryKey(0, 0);
        });
    }
}
