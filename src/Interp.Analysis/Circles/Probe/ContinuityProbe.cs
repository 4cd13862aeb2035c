using Interp.Analysis.Circles.Tasks;
using Interp.Models;
using Interp.Models.Hooks;
using Interp.Models.Tokenization;
using Interp.Models.Training.Calendar;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Probe;

/// <summary>Fits the circle on the bare labels, then reads phrases such as "Early on Monday" and "Late on Monday" from it.</summary>
/// <remarks>Source: arXiv 2405.14860, section 5, where intermediate phrases take intermediate places.</remarks>
internal static class ContinuityProbe
{
    private static readonly string[] s_wordings = ["", "Very early {0} ", "Early {0} ", "Late {0} ", "Very late {0} "];

    /// <summary>Reads all phrases of a cycle; wordings that the vocabulary cannot write are left out.</summary>
    /// <returns>The phrases at each asked layer; none where neither early nor late can be written.</returns>
    public static IReadOnlyList<Continuity> Run(LanguageModel model, TaskKind kind, IReadOnlyList<int> layers, int components, CancellationToken cancellation)
    {
        var cycle = kind == TaskKind.Months ? CalendarCycle.Months : CalendarCycle.Weekdays;
        var tokenizer = model.Tokenizer!;
        var wordings = s_wordings.Where(wording => IsKnown(tokenizer, Text(cycle, wording, 0))).ToArray();
        if (!wordings.Any(IsEarly) || !wordings.Any(IsLate))
        {
            return [];
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (texts, labels) = (new List<string>(), new List<int>());
        foreach (var wording in wordings)
        {
            texts.AddRange(Enumerable.Range(0, cycle.Period).Select(label => Text(cycle, wording, label)));
            labels.AddRange(Enumerable.Range(0, cycle.Period));
        }

        var streams = Streams(model, tokenizer, texts, layers, cancellation);
        return [.. layers.Select((layer, i) => Read(layer, streams[i], cycle.Period, texts, labels, wordings, components))];
    }

    private static Continuity Read(int layer, Tensor stream, int p, List<string> texts, List<int> labels, string[] wordings, int components)
    {
        using var scope = NewDisposeScope();
        var targets = new CircleTargets(p, [1]);
        using var probe = CircleReadout.Fit(stream.narrow(0, 0, p), targets.Of(labels[..p]), components);
        var read = probe.Read(stream);
        var (x, y) = (read.select(1, 0).data<double>().ToArray(), read.select(1, 1).data<double>().ToArray());
        double Steps(int row) => ProbeFits.Wrapped(Math.Atan2(y[row], x[row]) - Math.Atan2(y[labels[row]], x[labels[row]])) * p / (2 * Math.PI);
        double Mean(Func<string, bool> isWanted, int? label = null) => Enumerable.Range(0, texts.Count)
            .Where(row => isWanted(wordings[row / p]) && (label is null || labels[row] == label)).Average(Steps);
        return new Continuity
        {
            Layer = layer,
            Phrases = [.. texts.Select((text, row) => new ContinuityPhrase(text, labels[row], x[row], y[row], Steps(row)))],
            MeanEarlySteps = Mean(IsEarly),
            MeanLateSteps = Mean(IsLate),
            OrderedShare = Enumerable.Range(0, p).Average(label => Mean(IsEarly, label) < Mean(IsLate, label) ? 1.0 : 0),
        };
    }

    private static List<Tensor> Streams(LanguageModel model, Tokenizer tokenizer, List<string> texts, IReadOnlyList<int> layers, CancellationToken cancellation)
    {
        var rows = layers.Select(_ => new List<Tensor>()).ToArray();
        var names = layers.Select(layer => layer < model.Config.LayerCount ? $"blocks.{layer}.hook_resid_pre" : $"blocks.{model.Config.LayerCount - 1}.hook_resid_post").ToArray();
        foreach (var text in texts)
        {
            using var scope = NewDisposeScope();
            var ids = tokenizer.EncodePrompt(text);
            using var run = model.Run(
                tensor(Array.ConvertAll(ids, id => (long)id), 1, ids.Length),
                new RunOptions { Capture = HookFilter.Names(names), ReturnLogits = LogitPositions.None },
                cancellation);
            for (var i = 0; i < names.Length; i++)
            {
                rows[i].Add(run.Cache[names[i]][0, -1].to(ScalarType.Float64).cpu().MoveToOuterDisposeScope());
            }
        }

        return [.. rows.Select(list => stack(list, 0))];
    }

    // The bare label has its space before it, as in running text.
    private static string Text(CalendarCycle cycle, string wording, int label) =>
        wording.Length == 0 ? $" {cycle.Names[label]}" : string.Format(System.Globalization.CultureInfo.InvariantCulture, wording, cycle.Preposition) + cycle.Names[label];

    private static bool IsEarly(string wording) => wording.Contains("arly", StringComparison.Ordinal);

    private static bool IsLate(string wording) => wording.Contains("ate", StringComparison.Ordinal);

    // A token for unknown words does not give the words back.
    private static bool IsKnown(Tokenizer tokenizer, string text) =>
        tokenizer.Decode(tokenizer.Encode(text, SpecialTokens.None), SpecialTokens.None).Trim() == text.Trim();
}
