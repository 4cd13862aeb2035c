namespace Interp.Models.Training.FineTuning;

/// <summary>How a fine-tuning went, kept beside its weights as <c>finetune.json</c>.</summary>
public sealed record FineTuneResult
{
    /// <summary>The model tuned.</summary>
    public required string Model { get; init; }

    /// <summary>What was changed.</summary>
    public required FineTuneMethod Method { get; init; }

    /// <summary>The options, by name.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The matrices an adapter changes, by module path; the tensors trained with full tuning.</summary>
    public required IReadOnlyList<string> Modules { get; init; }

    /// <summary>The numbers trained.</summary>
    public required long TrainedParameters { get; init; }

    /// <summary>The numbers in the model.</summary>
    public required long ModelParameters { get; init; }

    /// <summary>The rows trained on.</summary>
    public required int TrainRows { get; init; }

    /// <summary>The rows evaluated on.</summary>
    public required int EvaluationRows { get; init; }

    /// <summary>The optimiser steps taken.</summary>
    public required int Steps { get; init; }

    /// <summary>The evaluation loss before training, nats a token.</summary>
    public required double EvaluationLossBefore { get; init; }

    /// <summary>The evaluation loss after training, nats a token.</summary>
    public required double EvaluationLoss { get; init; }

    /// <summary>The share of evaluated tokens predicted right after training, 0–1.</summary>
    public required double EvaluationAccuracy { get; init; }

    /// <summary>The evaluations during training.</summary>
    public required IReadOnlyList<TrainingPoint> History { get; init; }
}
