using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>The weights of a JumpReLU dictionary in training. The encoder is held as rows so that a latent's weights lie together.</summary>
internal sealed class JumpReluParameters : IDisposable
{
    public JumpReluParameters(Tensor encoder, Tensor encoderBias, Tensor decoder, Tensor decoderBias, Tensor thresholds, Tensor? skip = null)
    {
        Tensor[] all = skip is null ? [encoder, encoderBias, decoder, decoderBias, thresholds] : [encoder, encoderBias, decoder, decoderBias, thresholds, skip];
        All = [.. all.Select(tensor => tensor.is_contiguous() ? tensor : tensor.contiguous())];
        foreach (var tensor in All)
        {
            tensor.DetachFromDisposeScope();
        }
    }

    /// <summary>The names of <see cref="All"/> of an autoencoder.</summary>
    public static IReadOnlyList<string> Names { get; } = ["encoder", "encoder_bias", "decoder", "decoder_bias", "thresholds"];

    /// <summary>The names of <see cref="All"/>, with that of a skip transcoder's skip weights.</summary>
    public IReadOnlyList<string> AllNames { get; } = [.. Names, "skip"];

    /// <summary>The places in <see cref="All"/> of the tensors that have one row a latent.</summary>
    public static IReadOnlyList<int> PerLatent { get; } = [0, 1, 2, 4];

    /// <summary>The tensors in a fixed order.</summary>
    public IReadOnlyList<Tensor> All { get; }

    /// <summary><c>[d_sae, d_in]</c>.</summary>
    public Tensor Encoder => All[0];

    /// <summary><c>[d_sae]</c>.</summary>
    public Tensor EncoderBias => All[1];

    /// <summary><c>[d_sae, d_out]</c>, rows of unit length.</summary>
    public Tensor Decoder => All[2];

    /// <summary><c>[d_out]</c>.</summary>
    public Tensor DecoderBias => All[3];

    /// <summary><c>[d_sae]</c>, at least 0.</summary>
    public Tensor Thresholds => All[4];

    /// <summary>W_skip <c>[d_out, d_in]</c>, or null.</summary>
    public Tensor? Skip => All.Count > 5 ? All[5] : null;

    public void Dispose()
    {
        foreach (var tensor in All)
        {
            tensor.Dispose();
        }
    }
}
