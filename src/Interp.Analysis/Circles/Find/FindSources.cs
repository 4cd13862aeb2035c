using Interp.Analysis.Activations;
using Interp.Analysis.Atoms;
using Interp.Compute;
using Interp.Models;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Find;

/// <summary>An opened dictionary and the activations that it reads.</summary>
internal sealed class FindSources : IDisposable
{
    private readonly SparseAutoencoder _dictionary;
    private readonly ActivationStore _activations;

    private FindSources(SparseAutoencoder dictionary, ActivationStore activations, LanguageModel? model)
    {
        (_dictionary, _activations) = (dictionary, activations);
        var origin = activations.Manifest.Origin;
        var isAddition = origin is { Kind: ModelTask.ModularAddition, Modulus: >= 3 };
        Input = new FindInput
        {
            Decoder = dictionary.DecoderDirections,
            Rows = activations.Rows,
            Codes = Encode,
            TokenIds = activations.TokenIds,
            TokenText = model?.Tokenizer is { } tokenizer ? tokenizer.TokenText : null,
            Cycles = model is null ? [] : ModelCycles.Of(model, activations.Hook),
            Documents = isAddition ? activations.Documents : null,
            Modulus = isAddition ? origin.Modulus : null,
        };
    }

    /// <summary>What the analysis takes.</summary>
    public FindInput Input { get; }

    /// <summary>Opens the sources.</summary>
    /// <exception cref="InterpException">One is missing or damaged, or they do not fit each other.</exception>
    public static FindSources Open(AnalysisSources sources, FindOptions options)
    {
        if (sources is not { Dictionary: { } folder, Activations: { } shards })
        {
            throw new InterpException("circles-find needs a dictionary and the activations that it reads: name the folders of both");
        }

        var dictionary = SparseAutoencoder.Load(folder);
        ActivationStore? activations = null;
        try
        {
            activations = ActivationStore.Open(shards, HookOf(shards, options, dictionary));
            return activations.Width == dictionary.InputWidth
                ? new FindSources(dictionary, activations, sources.Model)
                : throw new InterpException($"{folder} reads activations of width {dictionary.InputWidth}, but those of {activations.Hook} in {shards} have {activations.Width}: choose the hook it was trained on");
        }
        catch
        {
            activations?.Dispose();
            dictionary.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _activations.Dispose();
        _dictionary.Dispose();
    }

    /// <summary>The hook asked for, else the dictionary's own where the folder holds it, else the folder's only one.</summary>
    private static string? HookOf(string folder, FindOptions options, SparseAutoencoder dictionary) =>
        !string.IsNullOrEmpty(options.Hook) ? options.Hook
        : ActivationManifest.Read(folder).Hooks.Any(hook => hook.Name == dictionary.HookName) ? dictionary.HookName
        : null;

    private Tensor Encode(long first, int count)
    {
        using var rows = _activations.Read(first, count);
        using var moved = rows.to(_dictionary.EncoderWeights.device);
        return _dictionary.Encode(moved);
    }
}
