using Interp.Analysis.Atoms;
using Interp.Analysis.Atoms.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Atoms.Training;

/// <summary>Hand-derived gradients of the other architectures, and of transcoders, against autograd in float64.</summary>
public sealed class ArchitectureGradientsTests
{
    private const double Tolerance = 1e-10;
    private const int Rows = 20;
    private const int Width = 10;

    [Theory]
    [InlineData(new long[] { 10 }, false, false, 0)]
    [InlineData(new long[] { 2, 5, 10 }, false, false, 0)]
    [InlineData(new long[] { 10 }, true, true, 0)]
    [InlineData(new long[] { 10 }, false, false, 0.3)]
    [InlineData(new long[] { 3, 10 }, true, false, 0.3)]
    public void Top_k_with_nested_prefixes_auxiliary_loss_and_skip_equals_autograd(long[] nested, bool transcodes, bool hasSkip, double auxiliary)
    {
        using var scope = NewDisposeScope();
        using var batch = Batch(transcodes);
        var leaves = Leaves(transcodes, hasSkip);
        var input = transcodes ? batch.Input : batch.Input - leaves[3].detach();
        var z = input.matmul(leaves[0].detach().t()) + leaves[1].detach();
        var code = CodeSelection.Greatest(z, z.relu(), 3);
        var dead = tensor(new[] { false, true, false, false, true, true, false, false, false, false });
        var gradients = new TopKGradients([.. leaves.Select(leaf => leaf.detach())], input, batch, code, code.gt(0), nested, transcodes);
        var value = auxiliary > 0 ? gradients.AddAuxiliary(z, dead, auxiliary) : 0;

        var liveInput = transcodes ? batch.Input : batch.Input - leaves[3];
        var live = (liveInput.matmul(leaves[0].t()) + leaves[1]) * code.gt(0);
        var loss = zeros(1, ScalarType.Float64);
        var output = leaves[3] - batch.Target + (hasSkip ? batch.Input.matmul(leaves[4].t()) : 0);
        foreach (var width in nested)
        {
            loss = loss + ((live.narrow(1, 0, width).matmul(leaves[2].narrow(0, 0, width)) + output).square().sum() / (Rows * nested.Length));
        }

        if (auxiliary > 0)
        {
            var error = (code.matmul(leaves[2].detach()) + output.detach()).neg();
            var deadZ = (liveInput.matmul(leaves[0].t()) + leaves[1]).index_select(1, dead.nonzero().squeeze(1));
            var kept = CodeSelection.Greatest(deadZ.detach(), deadZ.detach().relu(), Math.Min(3, transcodes ? 2 : 3)).gt(0);
            var made = (deadZ * kept).matmul(leaves[2].index_select(0, dead.nonzero().squeeze(1)));
            var scale = Math.Min(3.0 / (transcodes ? 2 : 3), 1) * auxiliary / (error - error.mean([0L])).square().sum().item<double>();
            var extra = scale * (made - error).square().sum();
            Assert.Equal(extra.item<double>(), value, 1e-12);
            loss = loss + extra;
        }

        AssertSame(loss, leaves, gradients.All);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    public void Priced_codes_and_gates_equal_autograd(bool isGated, bool transcodes, bool hasSkip)
    {
        using var scope = NewDisposeScope();
        using var batch = Batch(transcodes);
        var plain = Leaves(transcodes, hasSkip);
        Tensor[] leaves = isGated
            ? [.. plain[..4], .. new[] { 31L, 32 }.Select(seed => (RandomTensor.Normal(1, Width, seed).reshape(-1).to(ScalarType.Float64) * 0.3).requires_grad_(true)), .. plain[4..]]
            : plain;
        const double Price = 0.2;
        var skip = hasSkip ? leaves[^1] : null;
        Tensor[] values = [.. leaves.Select(leaf => leaf.detach())];
        var gradients = PricedGradients.Compute(values, isGated, hasSkip ? values[^1] : null, transcodes ? batch.Input : batch.Input - values[3], batch, Price, transcodes);

        var input = transcodes ? batch.Input : batch.Input - leaves[3];
        var product = input.matmul(leaves[0].t());
        Tensor code, loss;
        if (isGated)
        {
            var gate = product + leaves[4];
            var magnitude = (product * leaves[5].exp()) + leaves[1];
            code = magnitude.relu() * gate.detach().gt(0);
            var made = gate.relu().matmul(leaves[2].detach()) + leaves[3].detach() - batch.Target;
            loss = (Price * gate.relu().sum() / Rows) + (made.square().sum() / Rows);
        }
        else
        {
            code = (product + leaves[1]).relu();
            loss = Price * code.sum() / Rows;
        }

        var output = code.matmul(leaves[2]) + leaves[3] - batch.Target + (skip is null ? 0 : batch.Input.matmul(skip.t()));
        AssertSame(loss + (output.square().sum() / Rows), leaves, gradients.All);
    }

    [Fact]
    public void Thresholds_of_a_skip_transcoder_equal_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var batch = Batch(transcodes: true);
        var values = Leaves(transcodes: true, hasSkip: true).Select(leaf => leaf.detach()).ToArray();
        using var parameters = new JumpReluParameters(values[0], values[1], values[2], values[3], full(Width, 0.1, ScalarType.Float64), values[4]);
        var loss = new JumpReluLoss(SparsityTerm.L0, 0, 1, 1e-7);
        using var gradients = JumpReluGradients.Compute(parameters, batch.Input, loss, null, batch.Target);
        const double Step = 1e-6;
        foreach (var i in new[] { 0, 1, 2, 3, 5 })
        {
            var flat = parameters.All[i].view(-1);
            for (var entry = 0L; entry < flat.shape[0]; entry += 5)
            {
                var value = flat[entry].item<double>();
                flat[entry] = value + Step;
                using var above = JumpReluGradients.Compute(parameters, batch.Input, loss, null, batch.Target);
                flat[entry] = value - Step;
                using var below = JumpReluGradients.Compute(parameters, batch.Input, loss, null, batch.Target);
                flat[entry] = value;
                Assert.Equal(gradients.All[i].reshape(-1)[entry].item<double>(), (above.Reconstruction - below.Reconstruction) / (2 * Step), 1e-6);
            }
        }
    }

    private static TrainingBatch Batch(bool transcodes)
    {
        var input = RandomTensor.Normal(Rows, 6, 9).to(ScalarType.Float64);
        return new TrainingBatch(input, transcodes ? RandomTensor.Normal(Rows, 4, 10).to(ScalarType.Float64) : input.alias());
    }

    private static Tensor[] Leaves(bool transcodes, bool hasSkip)
    {
        var output = transcodes ? 4 : 6;
        Tensor[] all =
        [
            RandomTensor.Normal(Width, 6, 1), RandomTensor.Normal(1, Width, 2).reshape(-1) * 0.1, RandomTensor.Normal(Width, output, 3), RandomTensor.Normal(1, output, 4).reshape(-1) * 0.1,
            .. hasSkip ? new[] { RandomTensor.Normal(output, 6, 5) } : [],
        ];
        return [.. all.Select(tensor => tensor.to(ScalarType.Float64).requires_grad_(true))];
    }

    private static void AssertSame(Tensor loss, Tensor[] leaves, IReadOnlyList<Tensor> actual)
    {
        var expected = autograd.grad([loss.sum()], leaves);
        Assert.Equal(leaves.Length, actual.Count);
        for (var i = 0; i < leaves.Length; i++)
        {
            var scale = expected[i].abs().max().item<double>();
            Assert.True(scale > 1e-6, $"weight {i} has no gradient to compare");
            var difference = (expected[i] - actual[i]).abs().max().item<double>();
            Assert.True(difference <= Tolerance * scale, $"weight {i}: {difference} of {scale}");
        }
    }
}
