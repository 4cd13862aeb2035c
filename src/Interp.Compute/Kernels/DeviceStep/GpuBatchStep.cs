using Interp.Compute.Kernels.Lanes;
using Interp.Compute.Kernels.UnitRowAdam;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>Drives the kernels of a step on the weights' GPU, or without one on ILGPU's accelerator for the CPU.</summary>
internal static class GpuBatchStep
{
    /// <inheritdoc cref="BatchStep.Take"/>
    public static (Tensor Losses, Tensor Counts) Take(
        StepWeights weights, Tensor products, Tensor x, Tensor target, double bandwidth, double slope, AdamSettings adam)
    {
        using var scope = NewDisposeScope();
        using var lane = KernelLane.For(weights.Encoder);
        var (rows, latents, width) = ((int)products.shape[0], (int)products.shape[1], (int)x.shape[1]);
        var bias = weights.Scalars.select(1, 0).contiguous();
        var residual = lane.ElementZeros(weights.Encoder.dtype, (long)rows * width);
        var launches = new StepLaunches(lane, rows, latents, width, (int)(2 * weights.Encoder.ElementSize))
        {
            Products = lane.Pairs(products.contiguous()),
            Inputs = lane.Pairs(x.contiguous()),
            Targets = lane.Pairs(target.contiguous()),
            Encoder = lane.Pairs(weights.Encoder),
            Decoder = lane.Pairs(weights.Decoder),
            EncoderSecond = lane.Elements(weights.EncoderSecond),
            DecoderSecond = lane.Elements(weights.DecoderSecond),
            Limits = lane.Copy(weights.Scalars.select(1, 1) - bias),
            Biases = lane.Copy(bias),
            DecoderBias = lane.Copy(weights.DecoderBias),
            Scalars = lane.Copy(weights.Scalars),
            Residual = KernelLane.PairsOf(residual),
        };
        launches.Compact((float)(bandwidth / 2));
        var counts = lane.Tensor(launches.Counts, weights.Encoder.device, rows);
        if (rows > 0 && counts.max().item<int>() is var most and > RowStepKernels.Capacity)
        {
            throw new InterpException($"a row has {most} active entries, more than the {RowStepKernels.Capacity} that a step on a GPU keeps: raise the thresholds or the sparsity, or step on the CPU");
        }

        var numbers = new LatentStepNumbers
        {
            Beta2 = (float)adam.Beta2,
            Size = (float)adam.Size,
            Correction = (float)adam.Correction,
            Epsilon = (float)adam.Epsilon,
            Slope = (float)slope,
            InverseBandwidth = (float)(1 / bandwidth),
            Seed = (uint)adam.Step,
        };
        launches.Decode((float)(2.0 / Math.Max(1, rows)));
        launches.Order();
        launches.UpdateDirections(numbers);
        launches.UpdateEncoder(numbers);
        lane.Return(launches.Encoder, weights.Encoder);
        lane.Return(launches.Decoder, weights.Decoder);
        lane.Return(launches.EncoderSecond, weights.EncoderSecond);
        lane.Return(launches.DecoderSecond, weights.DecoderSecond);
        lane.Return(launches.Scalars, weights.Scalars);
        var losses = lane.Tensor(launches.Losses, weights.Encoder.device, rows, launches.Panels).sum([1L]);
        return (losses.MoveToOuterDisposeScope(), counts.MoveToOuterDisposeScope());
    }
}
