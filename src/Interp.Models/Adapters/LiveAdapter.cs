using System.Globalization;
using System.Text.RegularExpressions;
using Interp.Models.Checkpoints;
using Interp.Models.Families;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Adapters;

/// <summary>A LoRA adapter beside a model's weights, as the factors that each block adds.</summary>
/// <remarks>
/// The factors' columns come from the family's own reading: weights whose only entries are the scaled B of each module, in inputs of its
/// own, are read as the model's are, so that fusing, interleaving and transposing need no second table.
/// </remarks>
internal sealed partial class LiveAdapter : IDisposable
{
    private LiveAdapter(string name, IReadOnlyList<LiveFactor> factors)
    {
        Name = name;
        Factors = factors;
    }

    public string Name { get; }

    public IReadOnlyList<LiveFactor> Factors { get; }

    /// <exception cref="CheckpointException">The adapter does not fit, or does what can only be merged.</exception>
    public static LiveAdapter Open(string folder, string name, LanguageModel model)
    {
        using var adapter = LoraAdapter.Open(folder);
        if (adapter.Replacements.Count > 0 || adapter.Modules.Values.FirstOrDefault(module => module.IsEmbedding || module.Magnitude is not null || LayerOf(module.Path) is null) is not null)
        {
            throw new CheckpointException($"{folder}: the adapter replaces tensors, or changes embeddings, the head or magnitudes: it can be merged only");
        }

        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var places = Places(adapter, model);
        var parameters = ModelLoader.Probe(model.Folder ?? throw new CheckpointException($"{model.Name} has no folder: adapters are for checkpoints"), headers => new ProbeWeights(headers, adapter, places), model);
        try
        {
            return new LiveAdapter(name, [.. adapter.Modules.Values.SelectMany(module => FactorsOf(adapter, module, places[module.Path], parameters.Blocks[LayerOf(module.Path)!.Value], model))]);
        }
        finally
        {
            foreach (var tensor in parameters.All())
            {
                tensor.Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (var factor in Factors)
        {
            factor.Dispose();
        }
    }

    /// <summary>Inputs of its own for each module of a layer: which rows of the probe hold its B.</summary>
    private static Dictionary<string, int> Places(LoraAdapter adapter, LanguageModel model)
    {
        var next = new Dictionary<int, int>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var module in adapter.Modules.Values.OrderBy(module => module.Path, StringComparer.Ordinal))
        {
            var layer = LayerOf(module.Path)!.Value;
            var at = next.GetValueOrDefault(layer);
            places.Add(module.Path, at);
            next[layer] = at + adapter.RankOf(module);
            if (layer >= model.Config.LayerCount || next[layer] > Math.Min(model.Config.Width, model.Config.HeadCount * model.Config.HeadWidth))
            {
                throw new CheckpointException($"{adapter.Folder}: the adapter's ranks in layer {layer} are too large, or the model has no such layer: merge it");
            }
        }

        return places;
    }

    private static List<LiveFactor> FactorsOf(LoraAdapter adapter, LoraModule module, int place, BlockParameters block, LanguageModel model)
    {
        var rank = adapter.RankOf(module);
        using var a = adapter.Down(module, model.Dtype, model.Device); // [in, r]
        (LivePlace Place, Tensor? Matrix)[] products =
            [(LivePlace.QueryKeyValue, block.QueryKeyValue), (LivePlace.Output, block.Output), (LivePlace.Gate, block.Gate), (LivePlace.In, block.In), (LivePlace.Out, block.Out)];
        var found = new List<LiveFactor>();
        foreach (var (kind, matrix) in products)
        {
            if (matrix is null || matrix.shape[0] != a.shape[0])
            {
                continue;
            }

            using var scope = NewDisposeScope();
            var up = matrix.narrow(0, place, rank);
            var columns = up.ne(0).any(0).nonzero().flatten();
            if (columns.numel() > 0)
            {
                var (first, last) = (columns.min().ToInt64(), columns.max().ToInt64());
                found.Add(new LiveFactor(
                    LayerOf(module.Path)!.Value, kind, module.Path[(module.Path.LastIndexOf('.') + 1)..], a.clone().DetachFromDisposeScope(),
                    up.narrow(1, first, last - first + 1).clone().DetachFromDisposeScope(), first, matrix.shape[1]));
            }
        }

        return found;
    }

    private static int? LayerOf(string path) =>
        LayerNumber().Match(path) is { Success: true } match && int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : null;

    [GeneratedRegex(@"(?:^|\.)(?:h|layers)\.(\d+)\.")]
    private static partial Regex LayerNumber();
}
