using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>The gradients of a dictionary's weights on one batch; the tensors belong to this instance.</summary>
public sealed class LatentGradients : IDisposable
{
    /// <summary>Makes zeros of the sizes.</summary>
    /// <param name="latents">N.</param>
    /// <param name="width">d, of inputs.</param>
    /// <param name="outputWidth">d, of outputs.</param>
    /// <param name="type">Float32 or float64.</param>
    /// <param name="device">Where; the CPU by default.</param>
    internal LatentGradients(long latents, long width, long outputWidth, ScalarType type, Device? device = null)
    {
        Encoder = zeros([latents, width], type, device).DetachFromDisposeScope();
        EncoderBias = zeros([latents], type, device).DetachFromDisposeScope();
        Decoder = zeros([latents, outputWidth], type, device).DetachFromDisposeScope();
        Thresholds = zeros([latents], type, device).DetachFromDisposeScope();
        Input = zeros([width], type, device).DetachFromDisposeScope();
        Firings = zeros([latents], ScalarType.Int64, device).DetachFromDisposeScope();
    }

    /// <summary>Of the encoder's rows <c>[N, d]</c>.</summary>
    public Tensor Encoder { get; }

    /// <summary>Of the encoder's bias <c>[N]</c>.</summary>
    public Tensor EncoderBias { get; }

    /// <summary>Of the directions <c>[N, d]</c>.</summary>
    public Tensor Decoder { get; }

    /// <summary>Of the thresholds <c>[N]</c>.</summary>
    public Tensor Thresholds { get; }

    /// <summary>Of the inputs, summed over the batch <c>[d]</c>: what a bias subtracted from the inputs feels, with a minus.</summary>
    public Tensor Input { get; }

    /// <summary>The rows that each latent is active on, <c>[N]</c> int64.</summary>
    public Tensor Firings { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Encoder.Dispose();
        EncoderBias.Dispose();
        Decoder.Dispose();
        Thresholds.Dispose();
        Input.Dispose();
        Firings.Dispose();
    }
}
