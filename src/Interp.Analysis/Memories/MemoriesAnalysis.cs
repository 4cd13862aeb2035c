using Interp.Compute;
using Interp.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Memories;

/// <summary>
/// Reads the OV matrices and MLPs of a model as associative memories: how well they recall declared associations, how strongly they store
/// them, and how far that is from what their size allows. Source: arXiv 2310.02984 (Cabannes, Dohmatob, Bietti).
/// </summary>
public static class MemoriesAnalysis
{
    private const int LargestAlphaRank = 10_000;

    /// <summary>The catalogue's line.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<MemoriesInput, MemoriesOptions, MemoriesResult>(
        "memories",
        "Associative memories",
        "How well a model's OV matrices and MLPs recall declared associations, beside nulls and what their size allows.",
        SourceKinds.Model | SourceKinds.Text,
        (sources, _) => MemoriesInput.Open(sources),
        Run,
        MemoriesFigures.Draw);

    /// <summary>Measures. A head costs 2NMr for N keys, M values and rank r.</summary>
    /// <param name="input">The model and its text.</param>
    /// <param name="options">Which associations.</param>
    /// <param name="progress">Receives the layers done.</param>
    /// <param name="cancellation">Stops between tiles.</param>
    /// <exception cref="InterpException">The associations name no tokens, or there is no such layer.</exception>
    public static MemoriesResult Run(MemoriesInput input, MemoriesOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        var model = input.Model;
        if (options.Layer >= model.Config.LayerCount)
        {
            throw new InterpException($"{model.Name} has no layer {options.Layer}: its layers are 0 to {model.Config.LayerCount - 1}");
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var associations = AssociationReader.Read(model, input.TextFile, options, cancellation);
        var meter = new OperatorMeter(associations, options, cancellation);
        using var vectors = new KeyValueVectors(model, associations.Keys, options.KeysFromEmbedding);
        var operators = Measure(model, vectors, meter, options, progress, cancellation);
        var floor = ConstantRecall(associations);
        var details = Details(model, vectors, associations, operators, options, meter, cancellation);
        return new MemoriesResult
        {
            Model = model.Name,
            Associations = associations.Name,
            Keys = associations.Keys.Length,
            Values = (int)vectors.Values.shape[0],
            Alpha = Alpha(associations)?.Slope is { } slope ? -slope : null,
            AlphaRanks = AlphaRanks(associations),
            ConstantRecall = floor,
            Operators = Judged(operators, details, floor, options),
            Details = details,
            Probabilities = associations.Probabilities,
            Warnings = [.. Warnings(associations)],
        };
    }

    private static List<OperatorRecall> Measure(
        LanguageModel model, KeyValueVectors vectors, OperatorMeter meter, MemoriesOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var operators = new List<OperatorRecall>();
        using (NewDisposeScope())
        {
            operators.Add(meter.Recall("direct", null, null, meter.Score(vectors.Keys(0), vectors.Values)));
        }

        int[] layers = options.Layer is { } only ? [only] : [.. Enumerable.Range(0, model.Config.LayerCount)];
        foreach (var (layer, done) in layers.Select((layer, done) => (layer, done)))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var keys = vectors.Keys(layer);
            for (var head = 0; head < model.Config.HeadCount; head++)
            {
                using var inner = NewDisposeScope();
                var factors = Factors(model, layer, head);
                operators.Add(meter.Recall("head", layer, head, meter.Score(keys.matmul(factors.Read), vectors.Values.matmul(factors.Write))));
            }

            if (options.Mlps && !model.Config.IsAttentionOnly)
            {
                operators.Add(meter.Recall("mlp", layer, null, meter.Score(vectors.MlpOutputs(layer), vectors.Values)));
            }

            progress?.Report(new StepProgress("recall", done + 1, layers.Length, "layers"));
        }

        if (HeadSum.Read(options.SumHeads, model.Config) is { Count: > 0 } summed)
        {
            using var scope = NewDisposeScope();
            HeadFactors[] parts = [.. summed.Select(place => Factors(model, place.Layer, place.Head))];
            var keys = vectors.Keys(summed[0].Layer);
            var (read, write) = (cat([.. parts.Select(part => part.Read)], 1), cat([.. parts.Select(part => part.Write)], 1));
            operators.Add(meter.Recall("sum", null, null, meter.Score(keys.matmul(read), vectors.Values.matmul(write))));
        }

        return operators;
    }

    /// <summary>R = W_V and L = W_Oᵀ of a head; grouped key-value heads are shared.</summary>
    private static HeadFactors Factors(LanguageModel model, int layer, int head)
    {
        var shared = head * model.Config.KeyValueHeadCount / model.Config.HeadCount;
        return new HeadFactors(
            model.Parameters[$"blocks.{layer}.attn.W_V"][shared].to(ScalarType.Float32),
            model.Parameters[$"blocks.{layer}.attn.W_O"][head].t().to(ScalarType.Float32));
    }

    private static HeadDetail[] Details(
        LanguageModel model, KeyValueVectors vectors, DeclaredAssociations associations, List<OperatorRecall> operators, MemoriesOptions options, OperatorMeter meter, CancellationToken cancellation)
    {
        var looked = new HeadMeter(associations, options, meter, new InterferenceTable(associations, model.Tokenizer is { } tokenizer ? tokenizer.TokenText : null), cancellation);
        return [.. operators.Where(found => found.Kind == "head")
            .OrderByDescending(found => found.Recall1).ThenByDescending(found => found.Recall10)
            .Take(options.Details)
            .Select(found =>
            {
                using var scope = NewDisposeScope();
                return looked.Measure(found.Layer!.Value, found.Head!.Value, vectors.Keys(found.Layer.Value), vectors.Values, Factors(model, found.Layer.Value, found.Head.Value));
            })];
    }

    private static OperatorRecall[] Judged(List<OperatorRecall> operators, HeadDetail[] details, double floor, MemoriesOptions options)
    {
        var passes = OperatorMeter.Discoveries([.. operators.Select(found => found.PValue)], options.DiscoveryRate);
        return [.. operators.Select((found, place) =>
        {
            var detail = Array.Find(details, detail => found.Kind == "head" && detail.Layer == found.Layer && detail.Head == found.Head);
            return found with { IsMemory = passes[place] && found.Recall1 > floor && found.Recall1 > found.PermutedUpper && !(found.Recall1 <= detail?.SameSpectrumUpper) };
        })];
    }

    private static double ConstantRecall(DeclaredAssociations associations) =>
        associations.Targets.SelectMany((targets, key) => targets.Select(target => (target, key)))
            .GroupBy(pair => pair.target).Max(group => group.Sum(pair => associations.Probabilities[pair.key]));

    private static int[] AlphaRanks(DeclaredAssociations associations) =>
        [Math.Min(10, associations.Keys.Length / 2), Math.Min(LargestAlphaRank, associations.Keys.Length)];

    private static LineFit? Alpha(DeclaredAssociations associations)
    {
        if (associations.Probabilities[0] <= associations.Probabilities[^1])
        {
            return null;
        }

        int[] ranks = [.. Enumerable.Range(AlphaRanks(associations)[0], AlphaRanks(associations)[1] - AlphaRanks(associations)[0])];
        return LineFit.Of([.. ranks.Select(rank => Math.Log(rank + 1))], [.. ranks.Select(rank => Math.Log(associations.Probabilities[rank]))]);
    }

    private static IEnumerable<string> Warnings(DeclaredAssociations associations)
    {
        if (Alpha(associations) is { Slope: >= -1 })
        {
            yield return "alpha is at most 1, so the power laws are void and no line is drawn; the finite-size prediction uses the frequencies as they are";
        }

        if (associations.Probabilities[0] <= associations.Probabilities[^1])
        {
            yield return "keys count as equally frequent: give a text with --text-file for frequencies";
        }

        yield return "low recall refutes that an operator stores these associations, not that it stores anything; recall of a matrix says nothing on when a head fires";
    }
}
