using Interp.Compute.Kernels.SparseDecode;
using Interp.Compute.Kernels.SparseGradients;
using Interp.Compute.Kernels.ThresholdCodes;
using Interp.Compute.Kernels.UnitRowAdam;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>The version for the CPU, made of the CPU's kernels in float32: sparse codes, sparse decoding, sparse gradients, Adam row by row.</summary>
internal static class CpuBatchStep
{
    /// <inheritdoc cref="BatchStep.Take"/>
    public static (Tensor Losses, Tensor Counts) Take(
        StepWeights weights, Tensor products, Tensor x, Tensor target, double bandwidth, double slope, AdamSettings adam)
    {
        using var scope = NewDisposeScope();
        static Tensor Single(Tensor tensor) => tensor.to(ScalarType.Float32).contiguous();
        var (encoder, decoder, type) = (Single(weights.Encoder).clone(), Single(weights.Decoder).clone(), weights.Encoder.dtype);
        var (bias, theta) = (weights.Scalars.select(1, 0).clone(), weights.Scalars.select(1, 1).clone());
        using var codes = new SparseCodes();
        var counts = Fill(codes, Single(products), bias, theta, bandwidth);
        var (residual, sum) = (empty(x.shape, ScalarType.Float32), empty(x.shape[1], ScalarType.Float32));
        var share = 2.0 / Math.Max(1, codes.Rows);
        _ = SparseDecoder.Residual(codes, decoder, weights.DecoderBias, Single(target), 1, residual, sum, KernelBackend.Cpu);
        var losses = residual.square().sum([1L]);
        var upstream = Single((residual * share).to(type));
        using var gradients = SparseGradient.Compute(codes, upstream, Single(x), encoder, decoder, theta, new LatentLoss(bandwidth, slope), null, KernelBackend.Cpu);
        Step(weights.Encoder, encoder, weights.EncoderSecond, gradients.Encoder, adam, RowLength.Free);
        Step(weights.Decoder, decoder, weights.DecoderSecond, gradients.Decoder, adam, RowLength.Unit);
        Step(weights.Scalars.select(1, 0), bias.view(1, -1), weights.Scalars.select(1, 2), gradients.EncoderBias.view(1, -1), adam, RowLength.Free);
        Step(weights.Scalars.select(1, 1), theta.view(1, -1), weights.Scalars.select(1, 3), gradients.Thresholds.view(1, -1), adam, RowLength.Free);
        return (losses.MoveToOuterDisposeScope(), counts.MoveToOuterDisposeScope());
    }

    // The entries of a product that is there already; the encoder's own kernel makes the product itself.
    private static Tensor Fill(SparseCodes codes, Tensor products, Tensor bias, Tensor theta, double bandwidth)
    {
        codes.Begin((int)products.shape[0], (int)products.shape[1], ScalarType.Float32);
        var over = products - (theta - bias);
        var flags = over.le(0).logical_not().to(ScalarType.Int32) + (over.abs().lt(bandwidth / 2).to(ScalarType.Int32) * CodeTile.Window);
        if (flags.numel() > 0)
        {
            CodeFilling.Fill<float>(codes, flags.data<int>().ToArray(), (products + bias).data<float>().ToArray());
        }
        else
        {
            CodeFilling.Fill<float>(codes, [], []);
        }

        return flags.ne(0).sum([1L]).to(ScalarType.Int32);
    }

    private static void Step(Tensor target, Tensor wide, Tensor second, Tensor gradient, AdamSettings adam, RowLength length)
    {
        var moments = second.to(ScalarType.Float32).contiguous().view(wide.shape);
        RowAdamStep.Take(wide, null, moments, gradient, adam, length, KernelBackend.Cpu);
        _ = target.copy_(wide.view(target.shape));
        _ = second.copy_(moments.view(second.shape));
    }
}
