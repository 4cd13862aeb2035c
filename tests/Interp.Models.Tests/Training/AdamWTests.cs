using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Training;

public sealed class AdamWTests
{
    /// <summary>float64 against float64: only the order of operations differs.</summary>
    private const double Float64Tolerance = 1e-12;

    /// <summary>float32 state over fifty steps against float64.</summary>
    private const double Float32Tolerance = 2e-5;

    private static readonly AdamWOptions s_options = new() { LearningRate = 3e-3, WeightDecay = 1, WarmupSteps = 10 };

    [Theory]
    [InlineData(ScalarType.Float64, Float64Tolerance)]
    [InlineData(ScalarType.Float32, Float32Tolerance)]
    public void Fifty_steps_match_the_scalar_formulas(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var random = new SplitMix64(5);
        var start = Enumerable.Range(0, 7).Select(_ => random.NextNormal()).ToArray();
        var parameter = tensor(start, dtype: dtype);
        using var optimizer = new AdamW(new Dictionary<string, Tensor> { ["w"] = parameter }, s_options);
        var reference = start.Select(value => new ScalarAdamW(value)).ToArray();
        for (var step = 0; step < 50; step++)
        {
            var gradient = Enumerable.Range(0, 7).Select(_ => random.NextNormal()).ToArray();
            optimizer.Step([tensor(gradient, dtype: dtype)]);
            foreach (var (scalar, value) in reference.Zip(gradient))
            {
                scalar.Step(value);
            }
        }

        var trained = parameter.to_type(ScalarType.Float64).data<double>().ToArray();
        for (var i = 0; i < trained.Length; i++)
        {
            Assert.Equal(reference[i].Weight, trained[i], tolerance);
        }
    }

    [Fact]
    public void A_step_without_decay_and_warm_up_matches_the_library_optimizer()
    {
        using var scope = NewDisposeScope();
        var options = new AdamWOptions { LearningRate = 1e-2, WeightDecay = 0.1, Beta2 = 0.999 };
        var ours = tensor(new[] { 1.5, -0.25, 0.75 });
        var theirs = new TorchSharp.Modules.Parameter(ours.clone(), requires_grad: true);
        using var optimizer = new AdamW(new Dictionary<string, Tensor> { ["w"] = ours }, options);
        using var library = optim.AdamW([theirs], lr: 1e-2, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.1);
        for (var step = 0; step < 20; step++)
        {
            theirs.square().sum().backward();
            _ = library.step();
            library.zero_grad();
            optimizer.Step([2 * ours]);
        }

        Assert.True(ours.allclose(theirs, rtol: 0, atol: 1e-10));
    }

    [Fact]
    public void The_rate_falls_linearly_over_the_cool_down_and_the_last_step_still_moves()
    {
        using var weight = torch.zeros(1);
        using var optimizer = new AdamW(new Dictionary<string, torch.Tensor> { ["w"] = weight }, new AdamWOptions { LearningRate = 0.4, CooldownSteps = 4, Steps = 10 });
        Assert.Equal([0.4, 0.4, 0.3, 0.2, 0.1], new long[] { 1, 7, 8, 9, 10 }.Select(optimizer.LearningRateAt), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void The_rate_rises_linearly_over_the_warm_up()
    {
        using var scope = NewDisposeScope();
        using var optimizer = new AdamW(new Dictionary<string, Tensor> { ["w"] = zeros(1) }, s_options);
        Assert.Equal(3e-4, optimizer.LearningRateAt(1), Float64Tolerance);
        Assert.Equal(27e-4, optimizer.LearningRateAt(9), Float64Tolerance);
        Assert.Equal(3e-3, optimizer.LearningRateAt(10), Float64Tolerance);
        Assert.Equal(3e-3, optimizer.LearningRateAt(1000), Float64Tolerance);
    }

    [Fact]
    public void A_gradient_of_another_shape_is_refused_by_name()
    {
        using var scope = NewDisposeScope();
        using var optimizer = new AdamW(new Dictionary<string, Tensor> { ["embed.W_E"] = zeros(2, 3) }, s_options);
        var failure = Assert.Throws<ShapeMismatchException>(() => optimizer.Step([zeros(3, 2)]));
        Assert.Equal("the gradient of embed.W_E should be [2, 3] but is [3, 2]", failure.Message);
    }

    [Fact]
    public void Steps_leave_no_tensors_behind()
    {
        using var outer = NewDisposeScope();
        var parameter = ones(4);
        var gradient = ones(4);
        using var optimizer = new AdamW(new Dictionary<string, Tensor> { ["w"] = parameter }, s_options);
        optimizer.Step([gradient]);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var step = 0; step < 5; step++)
        {
            optimizer.Step([gradient]);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    /// <summary>The update of one weight, written as in the definition.</summary>
    private sealed class ScalarAdamW(double weight)
    {
        private double _first;
        private double _second;
        private int _step;

        public double Weight { get; private set; } = weight;

        public void Step(double gradient)
        {
            _step++;
            var rate = _step < 10 ? 3e-3 * _step / 10 : 3e-3;
            _first = (0.9 * _first) + (0.1 * gradient);
            _second = (0.98 * _second) + (0.02 * gradient * gradient);
            var first = _first / (1 - Math.Pow(0.9, _step));
            var second = _second / (1 - Math.Pow(0.98, _step));
            Weight = (Weight * (1 - (rate * 1))) - (rate * first / (Math.Sqrt(second) + 1e-8));
        }
    }

    [Theory]
    [InlineData(LearningRateSchedule.Constant, 0, new[] { 0.5, 1, 1, 1, 1 })]
    [InlineData(LearningRateSchedule.Linear, 0, new[] { 0.5, 1, 0.75, 0.5, 0.25 })]
    [InlineData(LearningRateSchedule.Cosine, 0, new[] { 0.5, 1, 0.85355339, 0.5, 0.14644661 })]
    [InlineData(LearningRateSchedule.Constant, 3, new[] { 0.5, 1, 1, 0.66666667, 0.33333333 })]
    public void The_rate_rises_and_goes_on_as_the_schedule_says(LearningRateSchedule schedule, int cooldown, double[] expected)
    {
        using var weight = zeros(2);
        using var optimizer = new AdamW(
            new Dictionary<string, Tensor> { ["w"] = weight }, new AdamWOptions { LearningRate = 1, WarmupSteps = 2, Steps = 5, Schedule = schedule, CooldownSteps = cooldown });
        Assert.All(expected.Select((rate, i) => (rate, Step: i + 1)), pair => Assert.Equal(pair.rate, optimizer.LearningRateAt(pair.Step), 1e-8));
    }

    [Fact]
    public void Long_gradients_are_cut_to_their_largest_norm_over_all_tensors()
    {
        using var scope = NewDisposeScope();
        Tensor[] Trained(double clip, double factor)
        {
            var (first, second) = (zeros(2), zeros(1));
            using var optimizer = new AdamW(
                new Dictionary<string, Tensor> { ["a"] = first, ["b"] = second }, new AdamWOptions { LearningRate = 1, Beta1 = 0, Beta2 = 0, Epsilon = 1, ClipNorm = clip });
            optimizer.Step([tensor(new float[] { 3, 0 }) * factor, tensor(new float[] { 4 }) * factor]);
            return [first, second];
        }

        // A norm of 5 cut to 1 is the gradient over 5; one below the limit is left alone.
        foreach (var (cut, short5) in Trained(1, 1).Zip(Trained(0, 0.2)))
        {
            Assert.True(cut.allclose(short5, 1e-6));
        }

        Assert.All(Trained(10, 1).Zip(Trained(0, 1)), pair => Assert.True(pair.First.allclose(pair.Second)));
    }
}
