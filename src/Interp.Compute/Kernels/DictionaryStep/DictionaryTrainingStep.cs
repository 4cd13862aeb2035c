using Interp.Compute.Kernels.SparseGradients;
using Interp.Compute.Kernels.ThresholdCodes;
using Interp.Compute.Kernels.UnitRowAdam;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.DictionaryStep;

/// <summary>
/// One whole training step of a dictionary with thresholds: product of the encoder, thresholds, decoding, loss, gradients, Adam, directions
/// of length 1. Keeps its memory for the next step.
/// </summary>
public sealed class DictionaryTrainingStep : IDisposable
{
    /// <summary>
    /// The share of entries (active or in the window) above which products of whole matrices are taken; <c>interp bench sae</c> times both there (README). It is a
    /// constant because the two ways round differently: a choice by the clock would not give the same bytes again.
    /// </summary>
    public const double DenseAbove = 0.12;

    private readonly SparseCodes _codes = new();
    private readonly LatentMemory _memory = new();
    private Tensor? _centred;
    private Tensor? _upstream;

    /// <summary>Takes a step.</summary>
    /// <param name="weights">The weights, float32 or float64, contiguous; changed.</param>
    /// <param name="first">Their first moments, changed; null where β₁ = 0.</param>
    /// <param name="second">Their second moments; changed.</param>
    /// <param name="x">A batch <c>[B, d]</c> of the weights' type.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="adam">The optimiser's constants.</param>
    /// <param name="revived">1 for latents that the revival loss acts on, else 0, <c>[N]</c>; null for none.</param>
    /// <param name="path">Which way.</param>
    /// <returns>What the step saw, owned by the caller.</returns>
    public DictionaryStepResult Take(
        DictionaryWeights weights, DictionaryWeights? first, DictionaryWeights second, Tensor x, DictionaryLoss loss, AdamSettings adam, Tensor? revived = null, StepPath path = StepPath.Auto)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(adam);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        x = x.contiguous();
        var isSparse = path == StepPath.Sparse || (path == StepPath.Auto && x.device_type == DeviceType.CPU);
        if (isSparse)
        {
            Reserve(x);
            _ = _centred!.copy_(x).sub_(weights.DecoderBias);
            var most = path == StepPath.Sparse ? long.MaxValue : (long)(DenseAbove * x.shape[0] * weights.Encoder.shape[0]);
            if (ThresholdEncoder.Encode(_centred!, weights.Encoder, weights.EncoderBias, weights.Thresholds, loss.Bandwidth, _codes, most))
            {
                return x.dtype == ScalarType.Float64
                    ? CpuDictionaryStep.Take<double>(_codes, weights, first, second, x, _centred!, _upstream!, _memory, loss, adam, revived)
                    : CpuDictionaryStep.Take<float>(_codes, weights, first, second, x, _centred!, _upstream!, _memory, loss, adam, revived);
            }
        }

        return DenseStep.Take(weights, first, second, x, loss, adam, revived);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _codes.Dispose();
        _memory.Dispose();
        _centred?.Dispose();
        _upstream?.Dispose();
    }

    private void Reserve(Tensor x)
    {
        if (_centred is null || !_centred.shape.AsSpan().SequenceEqual(x.shape) || _centred.dtype != x.dtype)
        {
            _centred?.Dispose();
            _upstream?.Dispose();
            _centred = empty_like(x).DetachFromDisposeScope();
            _upstream = empty_like(x).DetachFromDisposeScope();
        }
    }
}
