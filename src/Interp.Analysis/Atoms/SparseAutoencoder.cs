using Interp.Analysis.Atoms.Formats;
using Interp.Compute;
using Interp.Compute.Devices;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms;

/// <summary>
/// A sparse autoencoder (a dictionary): z = (x' − β·b_dec)·W_enc + b_enc, code f = act(z), x̂ = f·W_dec + b_dec (+ x·W_skipᵀ), with x' the
/// input after what <see cref="DictionaryInfo.Normalisation"/> says. Row i of W_dec is the direction of latent i. Transcoders have another
/// output than input.
/// </summary>
/// <remarks>Conventions are SAELens's; see the README beside this file, and Formats/README.md for the layouts on disk.</remarks>
public sealed class SparseAutoencoder : IDisposable
{
    private SparseAutoencoder(
        DictionaryInfo info, Tensor encoder, Tensor encoderBias, Tensor decoder, Tensor decoderBias, Tensor? thresholds, DictionaryGate? gate, Tensor? skip)
    {
        Info = info;
        EncoderWeights = encoder;
        EncoderBias = encoderBias;
        DecoderDirections = decoder;
        DecoderBias = decoderBias;
        Thresholds = thresholds;
        Gate = gate;
        SkipWeights = skip;
    }

    /// <summary>What it was trained on and how it is applied.</summary>
    public DictionaryInfo Info { get; }

    /// <summary>W_enc <c>[d_in, d_sae]</c>, float32; owned by the dictionary.</summary>
    public Tensor EncoderWeights { get; }

    /// <summary>b_enc <c>[d_sae]</c>, or b_mag of a gated dictionary; owned by the dictionary.</summary>
    public Tensor EncoderBias { get; }

    /// <summary>W_dec <c>[d_sae, d_out]</c>, one direction a row, not necessarily of unit length; owned by the dictionary.</summary>
    public Tensor DecoderDirections { get; }

    /// <summary>b_dec <c>[d_out]</c>; owned by the dictionary.</summary>
    public Tensor DecoderBias { get; }

    /// <summary>θ <c>[d_sae]</c>, or null where the architecture has none; owned by the dictionary.</summary>
    public Tensor? Thresholds { get; }

    /// <summary>The gate of a gated dictionary, else null; owned by the dictionary.</summary>
    public DictionaryGate? Gate { get; }

    /// <summary>W_skip <c>[d_out, d_in]</c>, or null; owned by the dictionary.</summary>
    public Tensor? SkipWeights { get; }

    /// <summary>The number of latents, d_sae.</summary>
    public int Width => (int)EncoderBias.shape[0];

    /// <summary>The width of the activations that it reads, d_in.</summary>
    public int InputWidth => (int)EncoderWeights.shape[0];

    /// <summary>The width of the activations that it writes, d_out; d_in unless it is a transcoder.</summary>
    public int OutputWidth => (int)DecoderBias.shape[0];

    /// <summary>The hook it reads, or null when its file does not say.</summary>
    public string? HookName => Info.HookName;

    /// <summary>The model it reads, or null when its file does not say.</summary>
    public string? ModelName => Info.ModelName;

    /// <summary>Whether decoding needs the input besides the codes.</summary>
    public bool DecodesWithInput => SkipWeights is not null || RestoresNormalisation;

    /// <summary>A transcoder's output has another scale than its input, so only autoencoders restore it.</summary>
    private bool RestoresNormalisation => Info.Normalisation != InputNormalisation.None && !Info.IsTranscoder;

    /// <summary>Makes a dictionary of tensors, which it takes over.</summary>
    /// <param name="info">What it is.</param>
    /// <param name="encoder">W_enc <c>[d_in, d_sae]</c>.</param>
    /// <param name="encoderBias">b_enc <c>[d_sae]</c>; b_mag for <see cref="DictionaryArchitecture.Gated"/>.</param>
    /// <param name="decoder">W_dec <c>[d_sae, d_out]</c>.</param>
    /// <param name="decoderBias">b_dec <c>[d_out]</c>.</param>
    /// <param name="thresholds">θ <c>[d_sae]</c>, for <see cref="DictionaryArchitecture.JumpRelu"/> alone.</param>
    /// <param name="gate">The gate, for <see cref="DictionaryArchitecture.Gated"/> alone.</param>
    /// <param name="skip">W_skip <c>[d_out, d_in]</c>, or null.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit each other.</exception>
    public static SparseAutoencoder Create(
        DictionaryInfo info, Tensor encoder, Tensor encoderBias, Tensor decoder, Tensor decoderBias, Tensor? thresholds = null, DictionaryGate? gate = null, Tensor? skip = null)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (info.Architecture == DictionaryArchitecture.JumpRelu != thresholds is not null)
        {
            throw new ArgumentException($"a {info.Architecture} dictionary has {(thresholds is null ? "" : "no ")}thresholds", nameof(thresholds));
        }

        if (info.Architecture == DictionaryArchitecture.Gated != gate is not null)
        {
            throw new ArgumentException($"a {info.Architecture} dictionary has {(gate is null ? "a" : "no")} gate", nameof(gate));
        }

        Require("b_enc", encoderBias, "[d_sae]", encoderBias.numel());
        Require("b_dec", decoderBias, "[d_out]", decoderBias.numel());
        long width = encoderBias.shape[0], output = decoderBias.shape[0], input = encoder.dim() == 2 ? encoder.shape[0] : output;
        Require("W_enc", encoder, "[d_in, d_sae]", info.IsTranscoder ? input : output, width);
        Require("W_dec", decoder, "[d_sae, d_out]", width, output);
        RequireIf("threshold", thresholds, "[d_sae]", width);
        RequireIf("b_gate", gate?.Bias, "[d_sae]", width);
        RequireIf("r_mag", gate?.MagnitudeScale, "[d_sae]", width);
        RequireIf("W_skip", skip, "[d_out, d_in]", output, input);
        foreach (var tensor in new[] { encoder, encoderBias, decoder, decoderBias, thresholds, gate?.Bias, gate?.MagnitudeScale, skip })
        {
            tensor?.DetachFromDisposeScope();
        }

        return new SparseAutoencoder(info, encoder, encoderBias, decoder, decoderBias, thresholds, gate, skip);
    }

    /// <summary>Reads a dictionary in any of the layouts of <see cref="DictionaryFormat"/>; which one it is shows from its files.</summary>
    /// <param name="path">A folder, or a single file of weights.</param>
    /// <exception cref="InterpException">There is none, or one that is damaged or of a kind that is not supported.</exception>
    public static SparseAutoencoder Load(string path) => DictionaryFormats.Read(path);

    /// <summary>Writes the dictionary; the folder is made where it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="format">The layout; null for SAELens's.</param>
    /// <exception cref="InterpException">The layout has no place for a dictionary of this kind.</exception>
    public void Save(string folder, DictionaryFormat? format = null) => DictionaryFormats.Write(folder, this, format ?? DictionaryFormat.SaeLens);

    /// <summary>z, before the activation (the magnitude m of a gated dictionary).</summary>
    /// <param name="x">Activations <c>[…, d_in]</c>, float32, on the dictionary's device.</param>
    /// <returns><c>[…, d_sae]</c>, owned by the caller.</returns>
    /// <exception cref="ShapeMismatchException">The last axis is not d_in.</exception>
    public Tensor PreActivations(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireLast("activations", x, "d_in", InputWidth);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var product = Projected(x);
        return (Gate is null ? product + EncoderBias : (product * Gate.MagnitudeScale.exp()) + EncoderBias).MoveToOuterDisposeScope();
    }

    /// <summary>The code f of activations; most entries are zero.</summary>
    /// <param name="x">Activations <c>[…, d_in]</c>, float32, on the dictionary's device.</param>
    /// <returns><c>[…, d_sae]</c>, owned by the caller.</returns>
    /// <exception cref="ShapeMismatchException">The last axis is not d_in.</exception>
    /// <exception cref="InterpException">The dictionary's files do not give the scale of its inputs.</exception>
    public Tensor Encode(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireLast("activations", x, "d_in", InputWidth);
        if (Info.LacksInputScale)
        {
            throw new InterpException("the dictionary was trained on inputs multiplied by a factor that its files do not hold (normalize_activations expected_average_only_in): fold the factor into the weights, or put activation_scaler.json beside them");
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (Gate is not null)
        {
            var product = Projected(x);
            var magnitude = (product * Gate.MagnitudeScale.exp()) + EncoderBias;
            return magnitude.relu_().mul_((product + Gate.Bias) > 0).MoveToOuterDisposeScope();
        }

        var z = Projected(x) + EncoderBias;
        if (Info.RescalesByDecoderNorm)
        {
            z = z * DecoderDirections.norm(1);
        }

        return CodeSelection.Apply(z, Info, Thresholds).MoveToOuterDisposeScope();
    }

    /// <summary>The activations that a code stands for.</summary>
    /// <param name="codes">Codes <c>[…, d_sae]</c>.</param>
    /// <param name="x">The activations that were encoded <c>[…, d_in]</c>; needed where <see cref="DecodesWithInput"/>.</param>
    /// <returns><c>[…, d_out]</c>, owned by the caller.</returns>
    /// <exception cref="ShapeMismatchException">The last axis is not d_sae.</exception>
    /// <exception cref="ArgumentException">The input is needed and not given.</exception>
    public Tensor Decode(Tensor codes, Tensor? x = null)
    {
        ArgumentNullException.ThrowIfNull(codes);
        RequireLast("codes", codes, "d_sae", Width);
        if (DecodesWithInput && x is null)
        {
            throw new ArgumentException("this dictionary decodes with its input at hand: give the activations that were encoded", nameof(x));
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var plain = Info.RescalesByDecoderNorm ? codes / DecoderDirections.norm(1) : codes;
        var output = plain.matmul(DecoderDirections) + DecoderBias;
        if (RestoresNormalisation)
        {
            output = RowNormalisation.Of(x!, Info.Normalisation).Restore(output);
        }

        return (SkipWeights is null ? output : output + x!.matmul(SkipWeights.t())).MoveToOuterDisposeScope();
    }

    /// <summary>The dictionary on a device: itself where it is there already, else a copy that the caller owns.</summary>
    internal SparseAutoencoder On(Device device)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor At(Tensor tensor) => DeviceCopy.Of(tensor, device);
        var encoder = At(EncoderWeights);
        return ReferenceEquals(encoder, EncoderWeights)
            ? this
            : Create(
                Info, encoder, At(EncoderBias), At(DecoderDirections), At(DecoderBias), Thresholds is { } thresholds ? At(thresholds) : null,
                Gate is { } gate ? new DictionaryGate(At(gate.Bias), At(gate.MagnitudeScale)) : null, SkipWeights is { } skip ? At(skip) : null);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        foreach (var tensor in new[] { EncoderWeights, EncoderBias, DecoderDirections, DecoderBias, Thresholds, Gate?.Bias, Gate?.MagnitudeScale, SkipWeights })
        {
            tensor?.Dispose();
        }
    }

    /// <summary>(x' − β·b_dec)·W_enc.</summary>
    private Tensor Projected(Tensor x)
    {
        var input = Info.Normalisation == InputNormalisation.None ? x : RowNormalisation.Of(x, Info.Normalisation).Apply(x);
        return (Info.SubtractsDecoderBias ? input - DecoderBias : input).matmul(EncoderWeights);
    }

    private static void RequireIf(string name, Tensor? tensor, string expected, params long[] sizes)
    {
        if (tensor is not null)
        {
            Require(name, tensor, expected, sizes);
        }
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
