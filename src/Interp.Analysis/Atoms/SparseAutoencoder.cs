using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms;

/// <summary>
/// A sparse autoencoder (a dictionary): z = (x − β·b_dec)·W_enc + b_enc, code f = act(z), x̂ = f·W_dec + b_dec. Row i of W_dec is
/// the direction of latent i.
/// </summary>
/// <remarks>Conventions and file layout are SAELens's; see the README beside this file.</remarks>
public sealed class SparseAutoencoder : IDisposable
{
    private SparseAutoencoder(DictionaryInfo info, Tensor encoder, Tensor encoderBias, Tensor decoder, Tensor decoderBias, Tensor? thresholds)
    {
        Info = info;
        EncoderWeights = encoder;
        EncoderBias = encoderBias;
        DecoderDirections = decoder;
        DecoderBias = decoderBias;
        Thresholds = thresholds;
    }

    /// <summary>What it was trained on and how it is applied.</summary>
    public DictionaryInfo Info { get; }

    /// <summary>W_enc <c>[d_in, d_sae]</c>, float32; owned by the dictionary.</summary>
    public Tensor EncoderWeights { get; }

    /// <summary>b_enc <c>[d_sae]</c>; owned by the dictionary.</summary>
    public Tensor EncoderBias { get; }

    /// <summary>W_dec <c>[d_sae, d_in]</c>, one direction a row, not necessarily of unit length; owned by the dictionary.</summary>
    public Tensor DecoderDirections { get; }

    /// <summary>b_dec <c>[d_in]</c>; owned by the dictionary.</summary>
    public Tensor DecoderBias { get; }

    /// <summary>θ <c>[d_sae]</c>, or null where the architecture has none; owned by the dictionary.</summary>
    public Tensor? Thresholds { get; }

    /// <summary>The number of latents, d_sae.</summary>
    public int Width => (int)EncoderBias.shape[0];

    /// <summary>The width of the activations, d_in.</summary>
    public int InputWidth => (int)DecoderBias.shape[0];

    /// <summary>The hook it reads, or null when its file does not say.</summary>
    public string? HookName => Info.HookName;

    /// <summary>The model it reads, or null when its file does not say.</summary>
    public string? ModelName => Info.ModelName;

    /// <summary>Makes a dictionary of tensors, which it takes over.</summary>
    /// <param name="info">What it is.</param>
    /// <param name="encoder">W_enc <c>[d_in, d_sae]</c>.</param>
    /// <param name="encoderBias">b_enc <c>[d_sae]</c>.</param>
    /// <param name="decoder">W_dec <c>[d_sae, d_in]</c>.</param>
    /// <param name="decoderBias">b_dec <c>[d_in]</c>.</param>
    /// <param name="thresholds">θ <c>[d_sae]</c>, for <see cref="DictionaryArchitecture.JumpRelu"/> alone.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit each other.</exception>
    public static SparseAutoencoder Create(
        DictionaryInfo info, Tensor encoder, Tensor encoderBias, Tensor decoder, Tensor decoderBias, Tensor? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (info.Architecture == DictionaryArchitecture.JumpRelu != thresholds is not null)
        {
            throw new ArgumentException($"a {info.Architecture} dictionary has {(thresholds is null ? "" : "no ")}thresholds", nameof(thresholds));
        }

        Require("b_enc", encoderBias, "[d_sae]", encoderBias.numel());
        Require("b_dec", decoderBias, "[d_in]", decoderBias.numel());
        long width = encoderBias.shape[0], input = decoderBias.shape[0];
        Require("W_enc", encoder, "[d_in, d_sae]", input, width);
        Require("W_dec", decoder, "[d_sae, d_in]", width, input);
        if (thresholds is not null)
        {
            Require("threshold", thresholds, "[d_sae]", width);
        }

        foreach (var tensor in new[] { encoder, encoderBias, decoder, decoderBias, thresholds })
        {
            tensor?.DetachFromDisposeScope();
        }

        return new SparseAutoencoder(info, encoder, encoderBias, decoder, decoderBias, thresholds);
    }

    /// <summary>Reads a dictionary from a folder in SAELens's layout.</summary>
    /// <exception cref="InterpException">The folder holds none, or one that is damaged or of a kind that is not supported.</exception>
    public static SparseAutoencoder Load(string folder) => SaeLensFolder.Read(folder);

    /// <summary>Writes the dictionary in SAELens's layout; the folder is made where it is missing.</summary>
    public void Save(string folder) => SaeLensFolder.Write(folder, this);

    /// <summary>z, before the activation.</summary>
    /// <param name="x">Activations <c>[…, d_in]</c>, float32, on the dictionary's device.</param>
    /// <returns><c>[…, d_sae]</c>, owned by the caller.</returns>
    /// <exception cref="ShapeMismatchException">The last axis is not d_in.</exception>
    public Tensor PreActivations(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireLast("activations", x, "d_in", InputWidth);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var input = Info.SubtractsDecoderBias ? x - DecoderBias : x;
        return (input.matmul(EncoderWeights) + EncoderBias).MoveToOuterDisposeScope();
    }

    /// <summary>The code f of activations; most entries are zero.</summary>
    /// <param name="x">Activations <c>[…, d_in]</c>, float32, on the dictionary's device.</param>
    /// <returns><c>[…, d_sae]</c>, owned by the caller.</returns>
    /// <exception cref="ShapeMismatchException">The last axis is not d_in.</exception>
    public Tensor Encode(Tensor x)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var z = PreActivations(x);
        var code = z.relu();
        return (Thresholds is null ? code : code.mul(z > Thresholds)).MoveToOuterDisposeScope();
    }

    /// <summary>The activations that a code stands for.</summary>
    /// <param name="codes">Codes <c>[…, d_sae]</c>.</param>
    /// <returns><c>[…, d_in]</c>, owned by the caller.</returns>
    /// <exception cref="ShapeMismatchException">The last axis is not d_sae.</exception>
    public Tensor Decode(Tensor codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        RequireLast("codes", codes, "d_sae", Width);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return (codes.matmul(DecoderDirections) + DecoderBias).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        EncoderWeights.Dispose();
        EncoderBias.Dispose();
        DecoderDirections.Dispose();
        DecoderBias.Dispose();
        Thresholds?.Dispose();
    }

    private static void Require(string name, Tensor tensor, string expected, params long[] sizes)
    {
        if (!tensor.shape.AsSpan().SequenceEqual(sizes))
        {
            throw new ShapeMismatchException($"{name} of the dictionary", $"{expected} = [{string.Join(", ", sizes)}]", tensor.shape);
        }
    }

    private static void RequireLast(string what, Tensor tensor, string axis, int size)
    {
        if (tensor.dim() < 1 || tensor.shape[^1] != size)
        {
            throw new ShapeMismatchException($"{what} of the dictionary", $"[…, {axis} = {size}]", tensor.shape);
        }
    }
}
