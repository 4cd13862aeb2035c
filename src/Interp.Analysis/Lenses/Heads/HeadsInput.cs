using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models;
using Interp.Models.Tokenization;

namespace Interp.Analysis.Lenses.Heads;

/// <summary>A model and the prompts that its heads are scored on.</summary>
/// <param name="Model">The model; it stays the caller's.</param>
/// <param name="Repeated">Prompts of random tokens repeated once, all of one length.</param>
/// <param name="Text">Prompts of a text, all of one length; empty without one.</param>
/// <param name="HasBegin">Whether prompts start with the begin token.</param>
/// <param name="Warnings">What was odd.</param>
public sealed record HeadsInput(LanguageModel Model, IReadOnlyList<int[]> Repeated, IReadOnlyList<int[]> Text, bool HasBegin, IReadOnlyList<string> Warnings)
{
    /// <summary>A text shorter than this many characters a token holds enough tokens when it is that long.</summary>
    private const int CharactersRead = 24;

    /// <summary>Draws random tokens, and cuts a text where one is given.</summary>
    /// <exception cref="InterpException">There is no model, its context is too short, or the text is.</exception>
    public static HeadsInput Open(AnalysisSources sources, HeadsOptions options)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        var model = sources.Model ?? throw new InterpException("head scores need a model: name one");
        int[] begin = options.BeginToken && model.Tokenizer?.BeginId is { } id && id < model.Config.VocabularySize ? [id] : [];
        var half = (int)Math.Min(options.RepeatedTokens, ((long)model.Config.ContextLength - begin.Length) / 2);
        if (half < 2)
        {
            throw new InterpException($"{model.Name} takes {model.Config.ContextLength} tokens, too few for random tokens that repeat");
        }

        string[] warnings = half < options.RepeatedTokens ? [$"{model.Name} takes {model.Config.ContextLength} tokens: each half has {half}, not {options.RepeatedTokens}"] : [];
        var text = sources.TextFile is { } path ? OfText(model, path, begin, (2 * half) + begin.Length, options.Prompts) : [];
        return new HeadsInput(model, Random(model, begin, half, options), text, begin.Length > 0, warnings);
    }

    /// <summary>Distinct ids where the vocabulary has enough, special ones left out.</summary>
    private static int[][] Random(LanguageModel model, int[] begin, int half, HeadsOptions options)
    {
        var ordinary = Enumerable.Range(0, model.Config.VocabularySize).Where(id => model.Tokenizer is not { } tokenizer || (id < tokenizer.Count && !tokenizer.IsSpecial(id))).ToArray();
        ordinary = ordinary.Length > 0 ? ordinary : [.. Enumerable.Range(0, model.Config.VocabularySize)];
        return [.. Enumerable.Range(0, options.Prompts).Select(prompt =>
        {
            var random = SplitMix64.ForStream(options.Seed, $"repeated tokens {prompt}");
            var drawn = half <= ordinary.Length
                ? random.Permutation(ordinary.Length).Take(half).Select(at => ordinary[at]).ToArray()
                : [.. Enumerable.Range(0, half).Select(_ => ordinary[random.NextInt(ordinary.Length)])];
            return (int[])[.. begin, .. drawn, .. drawn];
        })];
    }

    private static int[][] OfText(LanguageModel model, string path, int[] begin, int length, int prompts)
    {
        var tokenizer = model.Tokenizer ?? throw new InterpException($"{model.Name} has no tokenizer, so it cannot read {path}: add its tokenizer files to its folder");
        if (!File.Exists(path))
        {
            throw new InterpException($"{path}: there is no such file; check the path");
        }

        using var reader = new StreamReader(path);
        var buffer = new char[(int)Math.Min((long)prompts * length * CharactersRead, 1 << 28)];
        var ids = tokenizer.Encode(new string(buffer, 0, reader.ReadBlock(buffer)), SpecialTokens.None);
        var own = length - begin.Length;
        return ids.Length >= own
            ? [.. Enumerable.Range(0, Math.Min(prompts, ids.Length / own)).Select(prompt => (int[])[.. begin, .. ids.AsSpan(prompt * own, own)])]
            : throw new InterpException($"{path} holds {ids.Length} tokens, fewer than one prompt of {own}: choose a longer text or fewer repeated tokens");
    }
}
