using System.Numerics;
using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models;
using Interp.Models.Tokenization;

namespace Interp.Analysis.Entanglement.Attention;

/// <summary>A model and the prompts to run it on.</summary>
/// <param name="Model">The model; it stays the caller's.</param>
/// <param name="Prompts">Token ids, all of one length.</param>
/// <param name="Warnings">What was odd about them.</param>
public sealed record AttentionPrompts(LanguageModel Model, IReadOnlyList<int[]> Prompts, IReadOnlyList<string> Warnings)
{
    /// <summary>A text shorter than this many characters a token is certain to hold enough tokens when it is that long.</summary>
    private const int CharactersRead = 24;

    private const int LargestPrime = 7;

    /// <summary>Takes pieces of the text where one is given, else the prompts of the model's own task.</summary>
    /// <exception cref="InterpException">There is no model, neither text nor task, or the text is too short.</exception>
    public static AttentionPrompts Open(AnalysisSources sources, EntanglementAttentionOptions options)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        var model = sources.Model ?? throw new InterpException("entanglement of attention needs a model: name one");
        if (sources.TextFile is { } path)
        {
            return OfText(model, path, options);
        }

        return model.Task is { Kind: ModelTask.ModularAddition } task
            ? new AttentionPrompts(model, OfModularAddition(task.Modulus, options), [])
            : throw new InterpException($"{model.Name} ships no task of its own: name a text file");
    }

    /// <summary>Whether T × T can be split into sites of at most 7.</summary>
    internal static bool IsSmooth(int length) => length > 1 && SiteChain.Factors(length)[^1] <= LargestPrime;

    private static AttentionPrompts OfText(LanguageModel model, string path, EntanglementAttentionOptions options)
    {
        var tokenizer = model.Tokenizer
            ?? throw new InterpException($"{model.Name} has no tokenizer, so it cannot read {path}: add its tokenizer files to its folder");
        if (!File.Exists(path))
        {
            throw new InterpException($"{path}: there is no such file; check the path");
        }

        var length = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(options.Length, model.Config.ContextLength) + 1) / 2;
        int[] begin = tokenizer.BeginId is { } id ? [id] : [];
        var own = length - begin.Length;
        var ids = tokenizer.Encode(Start(path, (long)options.Prompts * length * CharactersRead), SpecialTokens.None);
        var count = Math.Min(options.Prompts, ids.Length / Math.Max(own, 1));
        if (own < 1 || count == 0)
        {
            throw new InterpException($"{path} holds {ids.Length} tokens, fewer than one prompt of {length}: choose a longer text or shorter prompts");
        }

        string[] warnings = count < options.Prompts ? [$"the text holds {count} prompts of {length} tokens, fewer than the {options.Prompts} asked for"] : [];
        return new AttentionPrompts(model, [.. Enumerable.Range(0, count).Select(prompt => (int[])[.. begin, .. ids.AsSpan(prompt * own, own)])], warnings);
    }

    private static string Start(string path, long characters)
    {
        using var reader = new StreamReader(path);
        var buffer = new char[(int)Math.Min(characters, 1 << 28)];
        return new string(buffer, 0, reader.ReadBlock(buffer));
    }

    /// <summary>Prompts [a, b, p] of a seeded choice of pairs.</summary>
    private static int[][] OfModularAddition(int modulus, EntanglementAttentionOptions options)
    {
        var pairs = SplitMix64.ForStream(options.Seed, "prompts").Permutation(modulus * modulus);
        return [.. pairs.Take(options.Prompts).Select(pair => (int[])[pair / modulus, pair % modulus, modulus])];
    }
}
