using Interp.Compute.Kernels.DictionaryStep;
using Interp.Compute.Kernels.UnitRowAdam;
using Interp.Compute.Tests.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.DictionaryStep;

public sealed class DictionaryTrainingStepTests
{
    private const double Rounding = 1e-10;

    public static TheoryData<int, int, int, double> Sizes => RandomDictionary.Sizes;

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sparse_steps_end_where_dense_ones_do(int rows, int width, int latents, double threshold)
    {
        if (rows == 0)
        {
            return;
        }

        foreach (var beta1 in (double[])[0, 0.9])
        {
            using var scope = NewDisposeScope();
            using var made = new RandomDictionary(rows, width, latents, threshold, ScalarType.Float64);
            var loss = new DictionaryLoss(RandomDictionary.Bandwidth, l0 => 0.1 * (l0 - 2), StepGradientToInput: beta1 > 0, RevivalCoefficient: 0.3);
            var (sparse, dense) = (Run(made, loss, beta1, StepPath.Sparse), Run(made, loss, beta1, StepPath.Dense));
            foreach (var (expected, actual) in Tensors(dense).Zip(Tensors(sparse)))
            {
                RandomDictionary.AssertClose(expected, actual, Rounding, "a weight or moment");
            }

            Assert.Equal(dense.Losses, sparse.Losses, (a, b) => Math.Abs(a - b) <= Rounding * Math.Max(1, Math.Abs(a)));
        }
    }

    [Fact]
    public void Bytes_do_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        using var made = new RandomDictionary(1300, 40, 700, 0.6, ScalarType.Float32);
        var loss = new DictionaryLoss(RandomDictionary.Bandwidth, l0 => 0.1 * (l0 - 2), RevivalCoefficient: 0.3);
        var threads = get_num_threads();
        var all = Run(made, loss, 0, StepPath.Sparse);
        try
        {
            set_num_threads(1);
            var one = Run(made, loss, 0, StepPath.Sparse);
            Assert.All(Tensors(all).Zip(Tensors(one)), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
            Assert.Equal(all.Losses, one.Losses);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Theory]
    [InlineData(1e6, StepPath.Sparse)]
    [InlineData(-1e6, StepPath.Dense)]
    public void Few_active_latents_go_the_sparse_way_and_many_the_dense_one(double threshold, StepPath expected)
    {
        using var scope = NewDisposeScope();
        using var made = new RandomDictionary(20, 6, 30, threshold, ScalarType.Float32);
        using var step = new DictionaryTrainingStep();
        using var result = step.Take(made.Clone(), null, made.Moments(0), made.X, new DictionaryLoss(0.01, _ => 0), new AdamSettings(1e-3, 0, 0.999, 1));
        Assert.Equal(expected, result.Path);
        Assert.Equal(threshold > 0 ? 0 : 30, result.L0);
    }

    [Theory]
    [InlineData(StepPath.Sparse)]
    [InlineData(StepPath.Dense)]
    public void No_tensor_is_left_behind(StepPath path)
    {
        using var made = new RandomDictionary(20, 6, 30, 0.5, ScalarType.Float32);
        using var step = new DictionaryTrainingStep();
        var (weights, moments) = (made.Clone(), made.Moments(0));
        var loss = new DictionaryLoss(0.1, _ => 0.1, true, 0.1);
        LiveTensors.AssertNoGrowth(() => step.Take(weights, null, moments, made.X, loss, new AdamSettings(1e-3, 0, 0.999, 1), made.Revived, path).Dispose());
    }

    private static (DictionaryWeights Weights, DictionaryWeights? First, DictionaryWeights Second, double[] Losses) Run(
        RandomDictionary made, DictionaryLoss loss, double beta1, StepPath path)
    {
        using var step = new DictionaryTrainingStep();
        var (weights, first, second) = (made.Clone(), beta1 > 0 ? made.Moments(0.01) : null, made.Moments(0.02));
        var losses = new List<double>();
        for (var number = 1; number <= 3; number++)
        {
            using var result = step.Take(weights, first, second, made.X, loss, new AdamSettings(1e-4, beta1, 0.99, number), made.Revived, path);
            losses.AddRange([result.Reconstruction, result.L0, result.Firings.sum().item<long>()]);
        }

        return (weights, first, second, [.. losses]);
    }

    private static IEnumerable<Tensor> Tensors((DictionaryWeights Weights, DictionaryWeights? First, DictionaryWeights Second, double[] Losses) run) =>
        new[] { run.Weights, run.First, run.Second }.OfType<DictionaryWeights>()
            .SelectMany(w => new[] { w.Encoder, w.EncoderBias, w.Decoder, w.DecoderBias, w.Thresholds });
}
