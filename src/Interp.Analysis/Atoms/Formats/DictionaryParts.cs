using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>The tensors of a dictionary on their way in, under one form; a layout fills in what its files hold.</summary>
internal sealed class DictionaryParts(string path)
{
    /// <summary>Where they come from, for messages.</summary>
    public string Path { get; } = path;

    /// <summary>W_enc <c>[d_in, d_sae]</c>.</summary>
    public required Tensor Encoder { get; set; }

    /// <summary>b_enc <c>[d_sae]</c>; b_mag of a gated dictionary.</summary>
    public required Tensor EncoderBias { get; set; }

    /// <summary>W_dec <c>[d_sae, d_out]</c>.</summary>
    public required Tensor Decoder { get; set; }

    /// <summary>b_dec <c>[d_out]</c>.</summary>
    public required Tensor DecoderBias { get; set; }

    /// <summary>θ <c>[d_sae]</c>, or null.</summary>
    public Tensor? Thresholds { get; set; }

    /// <summary>The gate, or null.</summary>
    public DictionaryGate? Gate { get; set; }

    /// <summary>W_skip <c>[d_out, d_in]</c>, or null.</summary>
    public Tensor? Skip { get; set; }

    /// <summary>The parts of a dictionary; its tensors stay its own.</summary>
    public static DictionaryParts Of(SparseAutoencoder dictionary, string path) => new(path)
    {
        Encoder = dictionary.EncoderWeights,
        EncoderBias = dictionary.EncoderBias,
        Decoder = dictionary.DecoderDirections,
        DecoderBias = dictionary.DecoderBias,
        Thresholds = dictionary.Thresholds,
        Gate = dictionary.Gate,
        Skip = dictionary.SkipWeights,
    };

    /// <summary>Puts them together; shapes are checked against the lengths of the biases, never transposed on a guess.</summary>
    /// <exception cref="InterpException">The shapes do not fit each other, or a number is not finite.</exception>
    public SparseAutoencoder Build(DictionaryInfo info)
    {
        foreach (var (name, tensor) in new[] { ("b_enc", EncoderBias), ("b_dec", DecoderBias), ("threshold", Thresholds), ("W_enc", Encoder), ("W_dec", Decoder), ("W_skip", Skip) })
        {
            if (tensor is not null && !IsFinite(tensor))
            {
                throw new InterpException($"{Path}: {name} holds numbers that are not finite; the file is damaged or was trained to nothing");
            }
        }

        if (Thresholds is not null && info.RectifiesCodes && Thresholds.numel() > 0 && Thresholds.min().item<float>() < 0)
        {
            info = info with { Warnings = [.. info.Warnings, "some thresholds are negative: codes are rectified before the threshold"] };
        }

        try
        {
            return SparseAutoencoder.Create(info, Encoder, EncoderBias, Decoder, DecoderBias, Thresholds, Gate, Skip);
        }
        catch (ShapeMismatchException e)
        {
            throw new InterpException($"{Path}: {e.Message}", e);
        }
    }

    /// <summary>Refuses tensors that no reader of the layout would use.</summary>
    /// <exception cref="InterpException">There is one.</exception>
    public static void RefuseOthers(SafetensorsFile file, IEnumerable<string> known, string kind)
    {
        if (file.Entries.Keys.Except(known).FirstOrDefault() is { } stray)
        {
            throw new InterpException($"{file.Path}: holds {stray}, which {kind} does not have");
        }
    }

    /// <summary>A sum is finite when its terms are, except where large terms overflow; those are looked at one by one.</summary>
    private static bool IsFinite(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return double.IsFinite(tensor.sum(ScalarType.Float64).item<double>()) || tensor.isfinite().all().item<bool>();
    }
}
