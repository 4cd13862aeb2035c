using Interp.Compute;
using Interp.Models;
using Interp.Models.Hooks;
using Interp.Models.Tokenization;
using Interp.Models.Training.Calendar;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Probe;

/// <summary>The residual stream at whole numbers, each the last token of a prompt of its own.</summary>
internal static class NumberStates
{
    private const int LargestWord = 18;

    /// <summary>Reads the numbers that the model can write: its task's own tokens, digits, or words.</summary>
    /// <returns>The numbers, and float64 CPU [number, d] of each asked layer in the current dispose scope.</returns>
    public static (int[] Numbers, Tensor[] Streams) Read(LanguageModel model, int largest, IReadOnlyList<int> layers, CancellationToken cancellation)
    {
        var prompts = Prompts(model, largest).ToArray();
        var names = layers.Select(layer => layer < model.Config.LayerCount ? $"blocks.{layer}.hook_resid_pre" : $"blocks.{model.Config.LayerCount - 1}.hook_resid_post").ToArray();
        var rows = names.Select(_ => new List<Tensor>()).ToArray();
        using var noGradient = no_grad();
        foreach (var (_, ids) in prompts)
        {
            using var scope = NewDisposeScope();
            using var run = model.Run(
                tensor(Array.ConvertAll(ids, id => (long)id), 1, ids.Length),
                new RunOptions { Capture = HookFilter.Names(names), ReturnLogits = LogitPositions.None },
                cancellation);
            for (var i = 0; i < names.Length; i++)
            {
                rows[i].Add(run.Cache[names[i]][0, -1].to(ScalarType.Float64).cpu().MoveToOuterDisposeScope());
            }
        }

        return prompts.Length == 0
            ? throw new InterpException($"{model.Name} cannot write numbers: a helix fit needs a vocabulary with digits or number words")
            : ([.. prompts.Select(prompt => prompt.Number)], [.. rows.Select(list => stack(list, 0))]);
    }

    private static IEnumerable<(int Number, int[] Ids)> Prompts(LanguageModel model, int largest)
    {
        if (model.Task is { Kind: ModelTask.ModularAddition } task)
        {
            return Enumerable.Range(0, Math.Min(task.Modulus, largest + 1)).Select(number => (number, new[] { number }));
        }

        var tokenizer = model.Tokenizer ?? throw new InterpException($"{model.Name} has no tokenizer: put tokenizer.json beside the weights");
        var digits = Enumerable.Range(0, largest + 1).Select(number => (number, Text: FormattableString.Invariant($" {number}")));
        var words = Enumerable.Range(0, Math.Min(LargestWord, largest) + 1).Select(number => (number, Text: $" {CalendarNumbers.Word(number)}"));
        bool IsKnown((int Number, string Text) entry) =>
            tokenizer.Decode(tokenizer.Encode(entry.Text, SpecialTokens.None), SpecialTokens.None).Trim() == entry.Text.Trim();
        var known = digits.Where(IsKnown).ToList();
        return (known.Count > 0 ? known : words.Where(IsKnown)).Select(entry => (entry.number, tokenizer.EncodePrompt(entry.Text)));
    }
}
