using Interp.Compute.Statistics;

namespace Interp.Models.Training.Calendar;

/// <summary>What a seed makes: which sums are held out, the training text, the vocabulary.</summary>
internal sealed class CalendarCorpus
{
    private readonly HashSet<(int Period, int Label, int Residue)> _heldOut = [];
    private readonly long _seed;

    /// <summary>Draws the held-out sums.</summary>
    /// <param name="trainFraction">The share of a cycle's p² sums that may appear.</param>
    /// <param name="seed">The seed.</param>
    public CalendarCorpus(double trainFraction, long seed)
    {
        _seed = seed;
        var random = SplitMix64.ForStream(seed, "held-out sums");
        foreach (var cycle in Cycles)
        {
            // The next day and the next month are in every sequence, so they cannot be held out.
            var p = cycle.Period;
            var candidates = (from label in Enumerable.Range(0, p) from number in Enumerable.Range(2, p - 1) select (p, label, number % p)).ToArray();
            random.Shuffle(candidates.AsSpan());
            _heldOut.UnionWith(candidates.Take((int)Math.Round((1 - trainFraction) * p * p)));
        }

        Vocabulary = CalendarTokenizer.Vocabulary(VocabularyTexts());
    }

    /// <summary>Days and months.</summary>
    public static IReadOnlyList<CalendarCycle> Cycles { get; } = [CalendarCycle.Weekdays, CalendarCycle.Months];

    /// <summary>The tokens by piece.</summary>
    public IReadOnlyDictionary<string, int> Vocabulary { get; }

    /// <summary>Whether a sum, or one that differs from it by whole rounds, is kept out of the training text.</summary>
    public bool IsHeldOut(CalendarCycle cycle, int label, int number) => _heldOut.Contains((cycle.Period, label, number % cycle.Period));

    /// <summary>Training rows: the begin token, then sentences until the row is full; the last is cut.</summary>
    /// <param name="count">Rows.</param>
    /// <param name="length">Tokens a row, the begin token included.</param>
    public IReadOnlyList<int[]> Rows(int count, int length)
    {
        var tokenizer = CalendarTokenizer.Create(Vocabulary);
        var sentences = new CalendarSentences(SplitMix64.ForStream(_seed, "sentences"), IsHeldOut);
        var rows = new List<int[]>(count);
        while (rows.Count < count)
        {
            var text = sentences.Next();
            var ids = tokenizer.Encode(text);
            while (ids.Length < length)
            {
                text = $"{text} {sentences.Next()}";
                ids = tokenizer.Encode(text);
            }

            rows.Add(ids[..length]);
        }

        return rows;
    }

    /// <summary>A text of sentences, a few a line, from a stream of its own.</summary>
    public string Text(int lines)
    {
        var sentences = new CalendarSentences(SplitMix64.ForStream(_seed, "text"), IsHeldOut);
        return string.Concat(Enumerable.Range(0, lines).Select(_ => $"{sentences.Next()} {sentences.Next()} {sentences.Next()}\n"));
    }

    /// <summary>The prompts of a cycle's sums of 1 … p with their answers, as token rows.</summary>
    /// <param name="cycle">The cycle.</param>
    /// <param name="isWanted">Chooses by label and number.</param>
    public IReadOnlyList<int[]> Prompts(CalendarCycle cycle, Func<int, int, bool> isWanted)
    {
        var tokenizer = CalendarTokenizer.Create(Vocabulary);
        return
        [
            .. from label in Enumerable.Range(0, cycle.Period)
               from number in Enumerable.Range(1, cycle.Period)
               where isWanted(label, number)
               select tokenizer.Encode(CalendarPrompt.Of(cycle, label, number) + CalendarPrompt.Answer(cycle, label, number)),
        ];
    }

    // Every word of the grammar is in these; a name and a number may also start a text, and lines may end.
    private static IEnumerable<string> VocabularyTexts()
    {
        var sentences = new CalendarSentences(SplitMix64.ForStream(0, "vocabulary"), (_, _, _) => false);
        return Enumerable.Range(0, 4000).Select(_ => sentences.Next()).SelectMany(text => new[] { text, $" {text}" })
            .Concat(Cycles.SelectMany(cycle => cycle.Names))
            .Append("\n");
    }
}
