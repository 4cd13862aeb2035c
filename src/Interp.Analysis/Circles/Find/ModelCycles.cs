using System.Text.RegularExpressions;
using Interp.Analysis.Circles.Probe;
using Interp.Analysis.Circles.Tasks;
using Interp.Compute.LinearAlgebra;
using Interp.Models;
using Interp.Models.Tokenization;
using Interp.Models.Training.Calendar;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Find;

/// <summary>The cycles of words that a model writes with one token each, with the planes in which a probe reads them.</summary>
internal static partial class ModelCycles
{
    // The directions that the probe of arXiv 2405.14860 reads.
    private const int Components = 5;

    /// <summary>Days and months, as far as the vocabulary has each as one token.</summary>
    /// <param name="model">The model.</param>
    /// <param name="hook">The hook whose activations the dictionary reads; the probe is fitted there where it is the stream between two layers.</param>
    public static IReadOnlyList<TokenCycle> Of(LanguageModel model, string hook) =>
        [.. new[] { (TaskKind.Weekdays, CalendarCycle.Weekdays), (TaskKind.Months, CalendarCycle.Months) }.Select(pair => Of(model, hook, pair.Item1, pair.Item2)).OfType<TokenCycle>()];

    private static TokenCycle? Of(LanguageModel model, string hook, TaskKind kind, CalendarCycle cycle)
    {
        if (model.Tokenizer is not { } tokenizer || Labels(tokenizer, cycle) is not { } labels)
        {
            return null;
        }

        return new TokenCycle
        {
            Name = kind == TaskKind.Weekdays ? "weekdays" : "months",
            Period = cycle.Period,
            Labels = labels,
            ProbePlanes = LayerOf(hook) is { } layer ? Probes(model, kind, layer) : [],
        };
    }

    /// <summary>The words behind a space, and at a text's start where that is a token of its own; null where one is no single known token.</summary>
    private static Dictionary<int, int>? Labels(Tokenizer tokenizer, CalendarCycle cycle)
    {
        var labels = new Dictionary<int, int>();
        for (var label = 0; label < cycle.Period; label++)
        {
            var name = cycle.Names[label];
            if (Token(tokenizer, $" {name}", name) is not { } spaced)
            {
                return null;
            }

            labels.TryAdd(spaced, label);
            if (Token(tokenizer, name, name) is { } bare)
            {
                labels.TryAdd(bare, label);
            }
        }

        return labels;
    }

    // A token for unknown words does not give the word back.
    private static int? Token(Tokenizer tokenizer, string text, string name) =>
        tokenizer.Encode(text, SpecialTokens.None) is [var only] && tokenizer.Decode([only], SpecialTokens.None).Trim() == name ? only : null;

    private static double[][,] Probes(LanguageModel model, TaskKind kind, int layer)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var task = CyclicTask.Create(kind, model, largest: int.MaxValue, seed: 0);
        using var states = new TaskRunner(model, task).Read(default);
        int[] labels = [.. task.Problems.Select(problem => problem.Alpha)];
        return
        [
            .. Enumerable.Range(1, (task.Period - 1) / 2).Select(harmonic =>
            {
                using var probe = CircleReadout.Fit(states.Alpha[layer], new CircleTargets(task.Period, [harmonic]).Of(labels), Components);
                return probe.Plane.ToMatrix();
            }),
        ];
    }

    private static int? LayerOf(string hook) =>
        ResidualHook().Match(hook) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) + (match.Groups[2].Value == "post" ? 1 : 0) : null;

    [GeneratedRegex(@"^blocks\.(\d+)\.hook_resid_(pre|post)$")]
    private static partial Regex ResidualHook();
}
