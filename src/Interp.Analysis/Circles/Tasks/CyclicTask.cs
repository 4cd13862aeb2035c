using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models;
using Interp.Models.Tokenization;
using Interp.Models.Training.Calendar;

namespace Interp.Analysis.Circles.Tasks;

/// <summary>All sums α + β = γ modulo p of a task as prompts of one model, and the tokens among which it must choose the answer.</summary>
/// <remarks>Source: arXiv 2405.14860, section 4, and its repository's prompts. Token positions come from the tokenizer's offsets.</remarks>
internal sealed record CyclicTask
{
    /// <summary>The task.</summary>
    public required TaskKind Kind { get; init; }

    /// <summary>The labels' names, p of them.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The prompts, ordered by α, then β.</summary>
    public required IReadOnlyList<TaskProblem> Problems { get; init; }

    /// <summary>The token that stands for each label as an answer.</summary>
    public required IReadOnlyList<int> Candidates { get; init; }

    /// <summary>Which form of the answer words the candidates are.</summary>
    public required string AnswerForm { get; init; }

    /// <summary>p.</summary>
    public int Period => Labels.Count;

    /// <summary>The answer of a problem.</summary>
    public int Answer(TaskProblem problem) => (problem.Alpha + problem.Beta) % Period;

    /// <summary>Makes the task's prompts for a model.</summary>
    /// <param name="kind">The task.</param>
    /// <param name="model">The model.</param>
    /// <param name="largest">Of a task with more sums, a seeded choice of so many.</param>
    /// <param name="seed">The seed of that choice.</param>
    /// <exception cref="InterpException">The model has no tokenizer or no such task, or its tokens cannot tell the answers apart.</exception>
    public static CyclicTask Create(TaskKind kind, LanguageModel model, int largest, long seed) => kind switch
    {
        TaskKind.Weekdays => OfCycle(kind, CalendarCycle.Weekdays, model),
        TaskKind.Months => OfCycle(kind, CalendarCycle.Months, model),
        TaskKind.ModularAddition => OfAddition(model, largest, seed),
        _ => throw new InterpException($"the task {kind} has no sums: choose weekdays, months or modular-addition"),
    };

    private static CyclicTask OfCycle(TaskKind kind, CalendarCycle cycle, LanguageModel model)
    {
        var tokenizer = model.Tokenizer
            ?? throw new InterpException($"{model.Name} has no tokenizer, so it cannot be asked in words: put tokenizer.json beside the weights, or choose --task modular-addition");
        var before = tokenizer.EncodePrompt("").Length;
        var problems =
            from alpha in Enumerable.Range(0, cycle.Period)
            from beta in Enumerable.Range(1, cycle.Period)
            select Problem(tokenizer, cycle, alpha, beta, before);
        var (candidates, form) = AnswerTokens.Of(tokenizer, CalendarPrompt.Of(cycle, 0, 2), cycle.Names);
        return new CyclicTask { Kind = kind, Labels = cycle.Names, Problems = [.. problems], Candidates = candidates, AnswerForm = form };
    }

    private static TaskProblem Problem(Tokenizer tokenizer, CalendarCycle cycle, int alpha, int beta, int before)
    {
        var text = CalendarPrompt.Of(cycle, alpha, beta);
        var name = cycle.Names[alpha];
        var end = text.LastIndexOf(name, StringComparison.Ordinal) + name.Length;
        var spans = tokenizer.EncodeWithOffsets(text, SpecialTokens.None);
        var position = spans.Select((span, index) => (span, index)).Last(pair => pair.span.Length > 0 && pair.span.Start < end).index;
        return new TaskProblem(alpha, beta % cycle.Period, tokenizer.EncodePrompt(text), before + position);
    }

    private static CyclicTask OfAddition(LanguageModel model, int largest, long seed)
    {
        if (model.Task is not { Kind: ModelTask.ModularAddition, Modulus: var p })
        {
            throw new InterpException($"{model.Name} ships no modular-addition task: choose --task weekdays or months, or a model that adds, clock-59 for example");
        }

        if (model.Config.OutputVocabularySize < p)
        {
            throw new InterpException($"{model.Name} has {model.Config.OutputVocabularySize} answers for numbers modulo {p}: correct the modulus in its interp.json");
        }

        var pairs = Enumerable.Range(0, p * p).ToArray();
        if (pairs.Length > largest)
        {
            SplitMix64.ForStream(seed, "task sums").Shuffle(pairs.AsSpan());
            pairs = [.. pairs.Take(largest).Order()];
        }

        return new CyclicTask
        {
            Kind = TaskKind.ModularAddition,
            Labels = [.. Enumerable.Range(0, p).Select(number => FormattableString.Invariant($"{number}"))],
            Problems = [.. pairs.Select(pair => new TaskProblem(pair / p, pair % p, [pair / p, pair % p, p], 0))],
            Candidates = [.. Enumerable.Range(0, p)],
            AnswerForm = "the number's own token",
        };
    }
}
