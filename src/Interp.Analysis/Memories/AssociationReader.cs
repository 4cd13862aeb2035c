using Interp.Analysis.Activations.Capture;
using Interp.Analysis.Capacity;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Tokenization;

namespace Interp.Analysis.Memories;

/// <summary>Declares associations from the options, the model's tokenizer and a text.</summary>
internal static class AssociationReader
{
    private static readonly string[] s_weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private static readonly string[] s_months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    /// <summary>The associations.</summary>
    /// <exception cref="InterpException">They need a text or a tokenizer that is not there, or name no tokens.</exception>
    public static DeclaredAssociations Read(LanguageModel model, string? textFile, MemoriesOptions options, CancellationToken cancellation)
    {
        var kind = options.Association != AssociationKind.Automatic ? options.Association
            : options.Pairs.Count > 0 ? AssociationKind.Pairs
            : textFile is null ? AssociationKind.Identity : AssociationKind.Successor;
        var counts = textFile is null ? null : Count(model, textFile, options, cancellation);
        return kind switch
        {
            AssociationKind.Identity => Weighted(Identity(model, counts, options), counts, "each token with itself"),
            AssociationKind.Successor => Weighted(Successors(counts, model, options), counts, "each token with its most frequent successor in the text"),
            AssociationKind.Weekdays => Weighted(Cycle(model, s_weekdays), counts, "each weekday with the next"),
            AssociationKind.Months => Weighted(Cycle(model, s_months), counts, "each month with the next"),
            _ => Weighted(Listed(model, options), counts, "the pairs listed"),
        };
    }

    private static Counts Count(LanguageModel model, string textFile, MemoriesOptions options, CancellationToken cancellation)
    {
        var counts = new Counts(model.Config.VocabularySize);
        var source = TokenSources.For(model, textFile, new CaptureOptions { Context = Math.Min(512, model.Config.ContextLength), Tokens = options.Tokens, BeginToken = false });
        foreach (var document in source.Batches(1, cancellation).SelectMany(batch => batch.Documents))
        {
            for (var place = 0; place < document.Length; place++)
            {
                counts.Single[document[place]]++;
                if (place + 1 < document.Length)
                {
                    var pair = (document[place], document[place + 1]);
                    counts.Pairs[pair] = counts.Pairs.GetValueOrDefault(pair) + 1;
                }
            }
        }

        return counts;
    }

    private static List<(int Key, int[] Values)> Identity(LanguageModel model, Counts? counts, MemoriesOptions options)
    {
        var both = Math.Min(model.Config.VocabularySize, model.Config.OutputVocabularySize);
        return [.. Enumerable.Range(0, both)
            .Where(key => counts is null || counts.Single[key] > 0)
            .OrderByDescending(key => counts?.Single[key] ?? 0).ThenBy(key => key)
            .Take(options.Keys).Select(key => (key, new[] { key }))];
    }

    private static List<(int Key, int[] Values)> Successors(Counts? counts, LanguageModel model, MemoriesOptions options)
    {
        var known = counts ?? throw new InterpException($"successors are counted in a text: give one with --text-file, or look for identity in {model.Name}");
        return [.. known.Pairs.Where(pair => pair.Key.Next < model.Config.OutputVocabularySize)
            .GroupBy(pair => pair.Key.First)
            .Select(group => (Key: group.Key, Best: group.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Next).First().Key.Next))
            .OrderByDescending(pair => known.Single[pair.Key]).ThenBy(pair => pair.Key)
            .Take(options.Keys).Select(pair => (pair.Key, new[] { pair.Best }))];
    }

    /// <summary>Every spelling that is one token, with and without a leading space, answers to every such spelling of the next name.</summary>
    private static List<(int Key, int[] Values)> Cycle(LanguageModel model, string[] names)
    {
        var tokenizer = TokenizerOf(model);
        var spellings = names.Select(name => new[] { " " + name, name }
            .Select(text => tokenizer.Encode(text, SpecialTokens.None)).Where(ids => ids.Length == 1).Select(ids => ids[0]).Distinct().ToArray()).ToArray();
        var pairs = spellings.SelectMany((keys, place) => spellings[(place + 1) % names.Length] is { Length: > 0 } next ? keys.Select(key => (key, next)) : []).ToList();
        return pairs.Count >= 2 ? pairs : throw new InterpException($"{names[0]}, {names[1]} … are no single tokens of {model.Name}: choose another association");
    }

    private static List<(int Key, int[] Values)> Listed(LanguageModel model, MemoriesOptions options)
    {
        var tokenizer = model.Tokenizer;
        var pairs = options.Pairs.Select(written =>
        {
            var arrow = written.IndexOf('>', StringComparison.Ordinal);
            return arrow > 0 && arrow < written.Length - 1
                ? (Key: TokenRows.Resolve(written[..arrow], tokenizer, model.Config.VocabularySize), Value: TokenRows.Resolve(written[(arrow + 1)..], tokenizer, model.Config.OutputVocabularySize))
                : throw new InterpException($"\"{written}\" is no pair: write key>value, as in \" France> Paris\" or #5>#9");
        }).ToArray();
        return pairs.Length > 0
            ? [.. pairs.GroupBy(pair => pair.Key).Select(group => (group.Key, group.Select(pair => pair.Value).Distinct().ToArray()))]
            : throw new InterpException("no pairs are listed: give --pairs key>value,…");
    }

    private static Tokenizer TokenizerOf(LanguageModel model) =>
        model.Tokenizer ?? throw new InterpException($"{model.Name} has no tokenizer, so words name no tokens: list --pairs by #id");

    private static DeclaredAssociations Weighted(List<(int Key, int[] Values)> pairs, Counts? counts, string name)
    {
        if (pairs.Count < 2)
        {
            throw new InterpException("there are fewer than two associations: give a longer text or more pairs");
        }

        // A key that the text never shows counts as if it came half a time.
        double[] weights = [.. pairs.Select(pair => counts is null ? 1 : Math.Max(counts.Single[pair.Key], 0.5))];
        var order = Enumerable.Range(0, pairs.Count).OrderByDescending(place => weights[place]).ThenBy(place => pairs[place].Key).ToArray();
        var total = weights.Sum();
        return new DeclaredAssociations(
            [.. order.Select(place => pairs[place].Key)], [.. order.Select(place => pairs[place].Values)], [.. order.Select(place => weights[place] / total)], name);
    }

    private sealed class Counts(int vocabulary)
    {
        public long[] Single { get; } = new long[vocabulary];

        public Dictionary<(int First, int Next), long> Pairs { get; } = [];
    }
}
