using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models.Checkpoints;

namespace Interp.Models.Training.Calendar;

/// <summary>How the calendar model is made, from nothing but a seed: a small language model that counts days and months.</summary>
public sealed record CalendarRecipe : ITrainingRecipe
{
    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Summary { get; init; }

    /// <summary>The model's sizes.</summary>
    public required CalendarShape Shape { get; init; }

    /// <summary>The share of all p² sums of a cycle that may appear in the text, 0–1.</summary>
    public required double TrainFraction { get; init; }

    /// <summary>The optimiser and the stop rule, with the seed of the shipped model.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Rows of training text.</summary>
    public int RowCount { get; init; } = 16384;

    /// <summary>Tokens a row.</summary>
    public int RowLength { get; init; } = 25;

    /// <summary>Lines of the text that is shipped beside the model.</summary>
    public int TextLines { get; init; } = 1500;

    /// <inheritdoc/>
    public RecipeMetrics Train(string folder, long? seed = null, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ModelFolder.CheckFree(folder);
        var options = Training with { Seed = seed ?? Training.Seed };
        var corpus = new CalendarCorpus(TrainFraction, options.Seed);
        using var oneCore = new SingleThread();
        using var model = Start(corpus, options.Seed);
        using var rows = TokenRows.FromRows(corpus.Rows(RowCount, RowLength));
        using var heldOut = Prompts(corpus, isHeldOut: true);
        var objective = new TokenObjective(model.Tensors, ids => model.Logits(ids), rows, heldOut);
        var checkpoints = new CheckpointPolicy { Folder = RecipeRun.StateFolder(folder) };
        var result = Trainer.Run(objective, options, checkpoints, progress, cancellation);
        var metrics = Measure(options.Seed, objective, corpus, rows, heldOut, result);
        ModelFolder.Write(folder, target => Fill(target, corpus, model, metrics));
        TrainingState.Delete(checkpoints.Folder);
        return metrics;
    }

    /// <inheritdoc/>
    public RecipeObjective Open(long seed)
    {
        var corpus = new CalendarCorpus(TrainFraction, seed);
        var model = Start(corpus, seed);
        var rows = TokenRows.FromRows(corpus.Rows(RowCount, RowLength));
        var (seen, heldOut) = (Prompts(corpus, isHeldOut: false), Prompts(corpus, isHeldOut: true));
        var objective = new TokenObjective(model.Tensors, ids => model.Logits(ids), rows, heldOut);
        return new RecipeObjective(objective, cancellation => objective.Evaluate(seen, cancellation), [model, rows, seen, heldOut]);
    }

    private TrainableModel Start(CalendarCorpus corpus, long seed) => TrainableModel.Create(
        Shape.Config(corpus.Vocabulary.Count), Shape.Initialize(corpus.Vocabulary.Count, SplitMix64.ForStream(seed, "initial weights")), Name);

    private void Fill(string folder, CalendarCorpus corpus, TrainableModel model, RecipeMetrics metrics)
    {
        ModelFolder.WriteJson(folder, "config.json", Shape.Config(corpus.Vocabulary.Count));
        ModelFolder.WriteJson(folder, "tokenizer.json", CalendarTokenizer.Json(corpus.Vocabulary), CalendarTokenizer.Options);
        ModelFolder.WriteJson(folder, "tokenizer_config.json", CalendarTokenizer.Settings, CalendarTokenizer.Options);
        ModelFolder.WriteJson(folder, "interp.json", new
        {
            text = TextFile,
            recipe = Name,
            metrics.Seed,
            TrainFraction,
            metrics.Steps,
            heldOut = CalendarCorpus.Cycles.ToDictionary(
                cycle => cycle.Unit.Many,
                cycle => (from label in Enumerable.Range(0, cycle.Period)
                          from number in Enumerable.Range(1, cycle.Period)
                          where corpus.IsHeldOut(cycle, label, number)
                          select new HeldOutSum(label, number)).ToArray()),
        });
        ModelFolder.WriteJson(folder, ModelFolder.MetricsFile, metrics);
        File.WriteAllText(Path.Combine(folder, TextFile), corpus.Text(TextLines));
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), model.Tensors);
    }

    private const string TextFile = "corpus.txt";

    private static TokenRows Prompts(CalendarCorpus corpus, bool isHeldOut) => TokenRows.FromRows(
        [.. CalendarCorpus.Cycles.SelectMany(cycle => corpus.Prompts(cycle, (label, number) => corpus.IsHeldOut(cycle, label, number) == isHeldOut))], firstTarget: -1);

    private RecipeMetrics Measure(long seed, TokenObjective objective, CalendarCorpus corpus, TokenRows rows, TokenRows heldOut, TrainingResult result)
    {
        using var seen = Prompts(corpus, isHeldOut: false);
        using var head = rows.Slice(0, Math.Min(rows.Count, 1024));
        var (trainLoss, trainAccuracy) = objective.Evaluate(seen);
        var (heldOutLoss, heldOutAccuracy) = objective.Evaluate(heldOut);
        double Accuracy(CalendarCycle cycle)
        {
            using var all = TokenRows.FromRows(corpus.Prompts(cycle, (_, _) => true), firstTarget: -1);
            return objective.Evaluate(all).Accuracy;
        }

        return new RecipeMetrics
        {
            Recipe = Name,
            Seed = seed,
            ParameterCount = objective.Parameters.Values.Sum(parameter => parameter.numel()),
            TrainPairs = seen.Count,
            HeldOutPairs = heldOut.Count,
            Steps = result.Steps,
            Stopped = result.Stopped,
            MemorizedStep = result.MemorizedStep,
            Step95 = result.FirstStepAt(0.95),
            Step99 = result.FirstStepAt(0.99),
            TrainLoss = trainLoss,
            TrainAccuracy = trainAccuracy,
            HeldOutLoss = heldOutLoss,
            HeldOutAccuracy = heldOutAccuracy,
            WeekdayAccuracy = Accuracy(CalendarCycle.Weekdays),
            MonthAccuracy = Accuracy(CalendarCycle.Months),
            TextLoss = objective.Evaluate(head).Loss,
            History = result.History,
        };
    }
}
