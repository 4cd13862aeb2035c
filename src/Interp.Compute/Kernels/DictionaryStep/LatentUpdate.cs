using System.Numerics;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.SparseGradients;
using Interp.Compute.Kernels.UnitRowAdam;

namespace Interp.Compute.Kernels.DictionaryStep;

/// <summary>One latent's gradient and its step, together.</summary>
internal sealed unsafe class LatentUpdate<T>(DictionaryWeights weights, DictionaryWeights? first, DictionaryWeights second, AdamNumbers<T> numbers, int width)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Pointers _weights = new(weights);
    private readonly Pointers _first = first is null ? default : new Pointers(first);
    private readonly Pointers _second = new(second);

    /// <summary>Takes a latent.</summary>
    /// <param name="latent">Its number.</param>
    /// <param name="pass">Computes its gradient.</param>
    /// <param name="byInput">Receives, added, its part of the gradient by the inputs, with the encoder as it was.</param>
    public void Take(int latent, LatentPass<T> pass, T* byInput)
    {
        var at = (long)latent * width;
        var hasFirst = _first.Encoder is not null;
        if (!pass.Take(latent) && !hasFirst)
        {
            Fade(latent, at);
            return;
        }

        RowArithmetic.AddScaled(byInput, _weights.Encoder + at, pass.ByBias, width);
        CpuAdamRow.Step(_weights.Encoder + at, hasFirst ? _first.Encoder + at : null, _second.Encoder + at, pass.ByEncoder, width, numbers);
        CpuAdamRow.StepUnit(_weights.Decoder + at, hasFirst ? _first.Decoder + at : null, _second.Decoder + at, pass.ByDecoder, width, numbers);
        CpuAdamRow.StepOne(_weights.Bias + latent, hasFirst ? _first.Bias + latent : null, _second.Bias + latent, pass.ByBias, numbers);
        var threshold = _weights.Thresholds + latent;
        CpuAdamRow.StepOne(threshold, hasFirst ? _first.Thresholds + latent : null, _second.Thresholds + latent, pass.ByThreshold, numbers);
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
