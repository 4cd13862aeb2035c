using System.Numerics;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.SparseGradients;
using Interp.Compute.Kernels.UnitRowAdam;

namespace Interp.Compute.Kernels.DictionaryStep;

/// <summary>The step of a latent whose gradient has just been computed.</summary>
internal sealed unsafe class LatentUpdate<T>(DictionaryWeights weights, DictionaryWeights? first, DictionaryWeights second, AdamNumbers<T> numbers, int width)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Pointers _weights = new(weights);
    private readonly Pointers _first = first is null ? default : new Pointers(first);
    private readonly Pointers _second = new(second);

    /// <summary>Takes a latent's step; its gradient rows are used up.</summary>
    public void Take(int latent, in LatentGradient<T> gradient)
    {
        var at = (long)latent * width;
        var hasFirst = _first.Encoder is not null;
        if (gradient.IsZero && !hasFirst)
        {
            Fade(latent, at);
            return;
        }

        CpuAdamRow.Step(_weights.Encoder + at, hasFirst ? _first.Encoder + at : null, _second.Encoder + at, gradient.ByEncoder, width, numbers);
        CpuAdamRow.StepUnit(_weights.Decoder + at, hasFirst ? _first.Decoder + at : null, _second.Decoder + at, gradient.ByDecoder, width, numbers);
        CpuAdamRow.StepOne(_weights.Bias + latent, hasFirst ? _first.Bias + latent : null, _second.Bias + latent, gradient.ByBias, numbers);
        var threshold = _weights.Thresholds + latent;
        CpuAdamRow.StepOne(threshold, hasFirst ? _first.Thresholds + latent : null, _second.Thresholds + latent, gradient.ByThreshold, numbers);
        *threshold = *threshold < T.Zero ? T.Zero : *threshold;
    }

    /// <summary>Without a gradient and without first moments weights stay, and second moments fade.</summary>
    private void Fade(int latent, long at)
    {
        CpuAdamRow.Fade(_second.Encoder + at, width, numbers);
        CpuAdamRow.Fade(_second.Decoder + at, width, numbers);
        CpuAdamRow.Fade(_second.Bias + latent, 1, numbers);
        CpuAdamRow.Fade(_second.Thresholds + latent, 1, numbers);
    }

    private readonly struct Pointers(DictionaryWeights tensors)
    {
        public readonly T* Encoder = TensorMemory.Of<T>(tensors.Encoder);
        public readonly T* Bias = TensorMemory.Of<T>(tensors.EncoderBias);
        public readonly T* Decoder = TensorMemory.Of<T>(tensors.Decoder);
        public readonly T* Thresholds = TensorMemory.Of<T>(tensors.Thresholds);
    }
}
