using Interp.Compute.Kernels.Lanes;
using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>Drives <see cref="SparseGradientKernels"/> on a tensor's GPU, or without one on ILGPU's accelerator for the CPU.</summary>
internal static class GpuSparseGradient
{
    /// <inheritdoc cref="SparseGradient.Compute"/>
    public static void Compute(
        LatentGradients gradients, SparseCodes codes, Tensor upstream, Tensor x, Tensor encoder, Tensor decoder, Tensor thresholds, LatentLoss loss, Tensor? revived)
    {
        using var scope = NewDisposeScope();
        using var lane = KernelLane.For(encoder);
        var flat = new FlatCodes(codes);
        var numbers = new GradientKernelNumbers
        {
            Rows = codes.Rows,
            Latents = codes.Latents,
            Width = (int)x.shape[1],
            Slope = (float)loss.Slope,
            InverseBandwidth = loss.Bandwidth > 0 ? (float)(1 / loss.Bandwidth) : 0,
            Revival = (float)loss.Revival,
            StepToInput = loss.StepGradientToInput ? 1 : 0,
        };
        var (starts, rows) = (lane.Copy(flat.LatentStarts), lane.Copy(flat.Rows));
        var (g, inputs, thetas) = (lane.Elements(upstream), lane.Elements(x), lane.Copy(thresholds));
        var alive = revived is null ? lane.Zeros<float>(codes.Latents) : lane.Copy(revived);
        var (byCode, byZ) = (lane.Zeros<float>(flat.Rows.Length), lane.Zeros<float>(flat.Rows.Length));
        var (byBias, byTheta, firings) = (lane.Zeros<float>(codes.Latents), lane.Zeros<float>(codes.Latents), lane.Zeros<float>(codes.Latents));
        var (byEncoder, byDecoder) = (lane.Zeros<float>(encoder.numel()), lane.Zeros<float>(decoder.numel()));
        lane.LaunchGroups(typeof(SparseGradientKernels), nameof(SparseGradientKernels.ByEntry), codes.Latents, starts, rows, g, lane.Elements(decoder), thetas, byCode, byZ, numbers);
        lane.Launch(typeof(SparseGradientKernels), nameof(SparseGradientKernels.ByLatent), codes.Latents, starts, rows, byCode, byZ, thetas, alive, byBias, byTheta, firings, numbers);
        lane.Launch(
            typeof(SparseGradientKernels), nameof(SparseGradientKernels.ByWeight), encoder.numel(),
            starts, rows, lane.Copy(flat.ValuesByLatent), byZ, g, inputs, lane.Copy(x.to(ScalarType.Float32).sum([0L])), alive, byEncoder, byDecoder, numbers);
        lane.Return(byEncoder, gradients.Encoder);
        lane.Return(byDecoder, gradients.Decoder);
        lane.Return(byBias, gradients.EncoderBias);
        lane.Return(byTheta, gradients.Thresholds);
        _ = gradients.Firings.copy_(lane.Tensor(firings, gradients.Encoder.device, codes.Latents));
        _ = gradients.Input.copy_(gradients.EncoderBias.unsqueeze(0).matmul(encoder.to(gradients.EncoderBias.dtype)).squeeze(0));
    }
}
