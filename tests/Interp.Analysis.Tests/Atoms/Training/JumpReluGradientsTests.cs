using Interp.Analysis.Atoms.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Atoms.Training;

/// <summary>The hand-derived gradients against autograd, and the smooth ones against finite differences, all in float64.</summary>
public sealed class JumpReluGradientsTests
{
    private const double Tolerance = 1e-10;

    private static readonly string[] s_names = [.. JumpReluParameters.Names];

    [Theory]
    [InlineData(SparsityTerm.L0, false, 0)]
    [InlineData(SparsityTerm.L0, true, 0)]
    [InlineData(SparsityTerm.TargetL0, false, 0)]
    [InlineData(SparsityTerm.TargetL0, true, 0.3)]
    [InlineData(SparsityTerm.TargetL0, false, 0.3)]
    public void Every_gradient_equals_that_of_autograd_with_the_same_estimators(SparsityTerm term, bool toInput, double preActivation)
    {
        using var scope = NewDisposeScope();
        using var parameters = Parameters();
        var x = RandomTensor.Normal(20, 6, 9).to(ScalarType.Float64);
        var dead = tensor(new[] { 0, 1.0, 0, 0, 1, 0, 0, 0, 1, 0 });
        var loss = new JumpReluLoss(term, 0.7, 2.5, 0.4, toInput, preActivation);
        using var gradients = JumpReluGradients.Compute(parameters, x, loss, dead);

        Tensor[] leaves = [.. parameters.All.Select(p => p.clone().requires_grad_(true))];
        var (total, l0) = Surrogate(leaves, x, loss, dead);
        var expected = autograd.grad([total], leaves);
        for (var i = 0; i < leaves.Length; i++)
        {
            var scale = expected[i].abs().max().item<double>();
            Assert.True(scale > 1e-6, $"{s_names[i]} has no gradient to compare");
            var difference = (expected[i] - gradients.All[i]).abs().max().item<double>();
            Assert.True(difference <= Tolerance * scale, $"{s_names[i]}: {difference} of {scale}");
        }

        Assert.Equal(l0.item<double>(), gradients.L0, 1e-12);
        Assert.Equal(gradients.L0 * 20, gradients.Firings.sum().item<long>(), 1e-9);
    }

    [Fact]
    public void Smooth_gradients_equal_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var parameters = Parameters();
        var x = RandomTensor.Normal(20, 6, 9).to(ScalarType.Float64);
        var loss = new JumpReluLoss(SparsityTerm.L0, 0, 1, 1e-7);
        using var gradients = JumpReluGradients.Compute(parameters, x, loss);
        const double Step = 1e-6;
        for (var i = 0; i < 4; i++)
        {
            var flat = parameters.All[i].view(-1);
            var expected = gradients.All[i].reshape(-1);
            for (var entry = 0; entry < flat.shape[0]; entry += 7)
            {
                var value = flat[entry].item<double>();
                flat[entry] = value + Step;
                using var above = JumpReluGradients.Compute(parameters, x, loss);
                flat[entry] = value - Step;
                using var below = JumpReluGradients.Compute(parameters, x, loss);
                flat[entry] = value;
                Assert.Equal(above.L0, below.L0);
                Assert.Equal(expected[entry].item<double>(), (above.Reconstruction - below.Reconstruction) / (2 * Step), 1e-6);
            }
        }
    }

    [Fact]
    public void The_estimators_of_the_step_are_those_of_the_paper()
    {
        // One latent a column, z = b_enc, upstream gradient 1: x̂ − x = ½ with B = 1 makes g = 1.
        using var scope = NewDisposeScope();
        using var parameters = new JumpReluParameters(
            zeros(3, 1, dtype: ScalarType.Float64), tensor(new[] { 0.02, 0.06, 0.30 }), ones(3, 1, dtype: ScalarType.Float64),
            zeros(1, dtype: ScalarType.Float64), full(3, 0.05, ScalarType.Float64));
        var x = tensor(new[] { 0.36 - 0.5 }).unsqueeze(0);
        using var reconstruction = JumpReluGradients.Compute(parameters, x, new JumpReluLoss(SparsityTerm.L0, 0, 1, 0.05));
        Assert.Equal([0, 1, 1], Numbers(reconstruction.All[1]), Near);
        Assert.Equal([0, -1, 0], Numbers(reconstruction.All[4]), Near);
        Assert.Equal(2, reconstruction.L0);
        using var withPrice = JumpReluGradients.Compute(parameters, x, new JumpReluLoss(SparsityTerm.L0, 1, 1, 0.05));
        Assert.Equal([0, -21, 0], Numbers(withPrice.All[4]), Near);
    }

    [Fact]
    public void The_target_term_is_a_quarter_at_half_as_much_again()
    {
        var loss = new JumpReluLoss(SparsityTerm.TargetL0, 1, 20, 0.001);
        Assert.Equal(0.25, loss.Sparsity(30), 1e-12);
        Assert.Equal(0.05, loss.SparsitySlope(30), 1e-12);
    }

    [Fact]
    public void Nothing_stays_alive_after_a_step()
    {
        using var parameters = Parameters();
        using var optimizer = new RowAdam(parameters.All, 0.9, 0.999);
        using var x = RandomTensor.Normal(20, 6).to(ScalarType.Float64);
        LiveTensors.AssertNoGrowth(() =>
        {
            using var gradients = JumpReluGradients.Compute(parameters, x, new JumpReluLoss(SparsityTerm.TargetL0, 1, 2, 0.1));
            optimizer.Step(gradients.All, 1e-3);
        });
    }

    /// <summary>The loss as a graph whose derivatives are the estimators: constants carry the values, differences that are zero carry the slopes.</summary>
    private static (Tensor Total, Tensor L0) Surrogate(Tensor[] leaves, Tensor x, JumpReluLoss loss, Tensor dead)
    {
        var (encoder, encoderBias, decoder, decoderBias, theta) = (leaves[0], leaves[1], leaves[2], leaves[3], leaves[4]);
        var z = (x - decoderBias).matmul(encoder.t()) + encoderBias;
        var active = z.gt(theta).to(ScalarType.Float64);
        var window = ((z - theta) / loss.Bandwidth).abs().lt(0.5).to(ScalarType.Float64);
        var thetaMove = theta - theta.detach();
        var inputMove = loss.StepGradientToInput ? z - z.detach() : zeros_like(z);
        var step = active + (window / loss.Bandwidth * (inputMove - thetaMove));
        var code = (z * active) + (theta.detach() * window / loss.Bandwidth * (inputMove - thetaMove));
        var residual = code.matmul(decoder) + decoderBias - x;
        var l0 = step.sum() / x.shape[0];
        var sparsity = loss.Term == SparsityTerm.L0 ? loss.Coefficient * l0 : loss.Coefficient * ((l0 / loss.TargetL0) - 1).square();
        var revive = loss.PreActivationCoefficient * ((theta - z).relu() * dead).sum() / x.shape[0];
        return ((residual.square().sum() / x.shape[0]) + sparsity + revive, l0);
    }

    private static JumpReluParameters Parameters()
    {
        using var scope = NewDisposeScope();
        Tensor Wide(int rows, int columns, long seed) => RandomTensor.Normal(rows, columns, seed).to(ScalarType.Float64);
        var decoder = Wide(10, 6, 1);
        return new JumpReluParameters(
            Wide(10, 6, 2) * 0.5, Wide(1, 10, 3).squeeze(0) * 0.3, decoder / decoder.norm(1, keepdim: true),
            Wide(1, 6, 4).squeeze(0) * 0.2, Wide(1, 10, 5).squeeze(0).abs() * 0.5);
    }

    private static double[] Numbers(Tensor values) => values.data<double>().ToArray();

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-9;
}
