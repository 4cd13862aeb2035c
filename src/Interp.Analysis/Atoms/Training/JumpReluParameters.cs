using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>The weights of a JumpReLU dictionary in training. The encoder is held as rows so that a latent's weights lie together.</summary>
internal sealed class JumpReluParameters : IDisposable
{
    public JumpReluParameters(Tensor encoder, Tensor encoderBias, Tensor decoder, Tensor decoderBias, Tensor thresholds)
    {
        All = [encoder, encoderBias, decoder, decoderBias, thresholds];
        foreach (var tensor in All)
        {
            tensor.DetachFromDisposeScope();
        }
    }

    /// <summary>The names of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["encoder", "encoder_bias", "decoder", "decoder_bias", "thresholds"];

    /// <summary>The places in <see cref="All"/> of the tensors that have one row a latent.</summary>
    public static IReadOnlyList<int> PerLatent { get; } = [0, 1, 2, 4];

    /// <summary>The tensors in a fixed order.</summary>
    public IReadOnlyList<Tensor> All { get; }

    /// <summary><c>[d_sae, d_in]</c>.</summary>
    public Tensor Encoder => All[0];

    /// <summary><c>[d_sae]</c>.</summary>
    public Tensor EncoderBias => All[1];

    /// <summary><c>[d_sae, d_in]</c>, rows of unit length.</summary>
    public Tensor Decoder => All[2];

    /// <summary><c>[d_in]</c>.</summary>
    public Tensor DecoderBias => All[3];

    /// <summary><c>[d_sae]</c>, at least 0.</summary>
    public Tensor Thresholds => All[4];

    /// <summary>Random decoder rows of unit length, the encoder tied to them, b_dec at the data's centre.</summary>
    /// <param name="width">The latents.</param>
    /// <param name="centre">The data's centre <c>[d_in]</c>; copied.</param>
    /// <param name="threshold">θ of every latent.</param>
    /// <param name="seed">The seed of the directions.</param>
    public static JumpReluParameters Initial(int width, Tensor centre, double threshold, long seed)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var inputWidth = (int)centre.shape[0];
        var random = SplitMix64.ForStream(seed, "dictionary directions");
        var values = new float[(long)width * inputWidth];
        for (long i = 0; i < values.LongLength; i++)
        {
            values[i] = (float)random.NextNormal();
        }

        var decoder = tensor(values, width, inputWidth);
        decoder.div_(decoder.norm(1, keepdim: true));
        return new JumpReluParameters(
            decoder.clone(), zeros(width), decoder, centre.to(ScalarType.Float32, copy: true), full(width, threshold, dtype: ScalarType.Float32));
    }

    public void Dispose()
    {
        foreach (var tensor in All)
        {
            tensor.Dispose();
        }
    }
}
