using Interp.Analysis.Activations.Capture;
using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Geometry;

/// <summary>The activations of a model at seeded positions of a text, the same positions at every hook and checkpoint.</summary>
internal sealed class ModelClouds(string? textFile, GeometryOptions options)
{
    /// <summary>So that a cloud is drawn from many pieces of text: at most this many rows of one on average.</summary>
    private const int RowsOfPiece = 32;

    private const int TokensAtOnce = 4096;
    private const int PositionRanges = 10;

    /// <summary>Runs the model and gathers the clouds, owned by the caller.</summary>
    public IReadOnlyList<Cloud> Of(LanguageModel model)
    {
        using var noGrad = no_grad();
        var documents = Documents(model, out var leading, out var isTask);
        var chosen = Choose(documents, leading, isTask);
        var labels = options.Labels == CloudLabels.None ? null : chosen.Select(place => Label(documents[place.Document], place.Position)).ToArray();
        var run = new RunOptions { Capture = Filter(model), ReturnLogits = LogitPositions.None };
        var rows = new Dictionary<string, List<Tensor>>();
        using (var scope = NewDisposeScope())
        {
            foreach (var group in chosen.GroupBy(place => place.Document).Chunk(Math.Max(1, TokensAtOnce / documents[0].Length)))
            {
                Gather(model, run, documents, group, rows);
            }

            return [.. rows.Select(pair => Make(pair.Key, cat(pair.Value, 0), labels))];
        }
    }

    private static void Gather(LanguageModel model, RunOptions run, List<int[]> documents, IGrouping<int, (int Document, int Position)>[] group, Dictionary<string, List<Tensor>> rows)
    {
        using var scope = NewDisposeScope();
        var ids = group.SelectMany(document => documents[document.Key]).Select(id => (long)id).ToArray();
        using var result = model.Run(tensor(ids, group.Length, documents[group[0].Key].Length), run);
        foreach (var name in result.Cache.Names)
        {
            var value = result.Cache[name].flatten(2);
            var parts = group.Select((document, place) => value[place].index_select(0, tensor(document.Select(at => (long)at.Position).ToArray(), device: value.device)));
            if (!rows.TryGetValue(name, out var list))
            {
                rows.Add(name, list = []);
            }

            list.Add(cat([.. parts], 0).to(ScalarType.Float32).cpu().MoveToOuterDisposeScope());
        }
    }

    private Cloud Make(string name, Tensor rows, int[]? labels)
    {
        Cloud.RequireFinite(rows, $"the activations of {name}");
        var kept = rows.to(ScalarType.Float64);
        return new Cloud(name, (options.UnitRows ? nn.functional.normalize(kept, dim: 1) : kept).contiguous().DetachFromDisposeScope(), labels);
    }

    private List<int[]> Documents(LanguageModel model, out int leading, out bool isTask)
    {
        var context = Math.Min(options.Context, model.Config.ContextLength);
        var pieces = (options.Rows + RowsOfPiece - 1) / RowsOfPiece;
        var source = TokenSources.For(model, textFile, new CaptureOptions { Context = context, Tokens = (long)pieces * context, Seed = options.Seed });
        isTask = source.Kind == ModelTask.ModularAddition;
        leading = 0;
        var documents = new List<int[]>();
        foreach (var batch in source.Batches(TokensAtOnce, CancellationToken.None))
        {
            leading = batch.LeadingSpecial;
            documents.AddRange(batch.Documents.Where(document => documents.Count == 0 || document.Length == documents[0].Length));
        }

        return documents;
    }

    private (int Document, int Position)[] Choose(List<int[]> documents, int leading, bool isTask)
    {
        var first = Math.Max(leading, options.SkipPositions);
        var seen = new HashSet<int>();
        var places = new List<(int Document, int Position)>();
        for (var document = 0; document < documents.Count; document++)
        {
            var last = documents[document].Length - 1;
            for (var position = isTask ? last : first; position <= last; position++)
            {
                if (!options.DistinctTokens || seen.Add(documents[document][position]))
                {
                    places.Add((document, position));
                }
            }
        }

        if (places.Count < 2)
        {
            throw new InterpException("the text gives fewer than two positions: give a longer text, or skip fewer positions");
        }

        var order = SplitMix64.ForStream(options.Seed, "positions of a cloud").Permutation(places.Count);
        return [.. order.Take(options.Rows).Order().Select(place => places[place])];
    }

    private int Label(int[] document, int position) => options.Labels switch
    {
        CloudLabels.Token => document[position],
        CloudLabels.NextToken => position + 1 < document.Length ? document[position + 1] : -1,
        _ => position * PositionRanges / document.Length,
    };

    private HookFilter Filter(LanguageModel model) => options.Hooks.Count > 0
        ? CaptureAnalysis.Filter(model, options.Hooks)
        : HookFilter.Names("blocks.*.hook_resid_pre", $"blocks.{model.Config.LayerCount - 1}.hook_resid_post");
}
