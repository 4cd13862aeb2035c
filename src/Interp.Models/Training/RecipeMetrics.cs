using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Compute;

namespace Interp.Models.Training;

/// <summary>How a recipe's training went, kept beside the weights as <c>metrics.json</c>.</summary>
public sealed record RecipeMetrics
{
    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>The seed of the split and the initial weights.</summary>
    public required long Seed { get; init; }

    /// <summary>The number of weights.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>The training pairs.</summary>
    public required int TrainPairs { get; init; }

    /// <summary>The held-out pairs.</summary>
    public required int HeldOutPairs { get; init; }

    /// <summary>The optimiser steps taken.</summary>
    public required int Steps { get; init; }

    /// <summary>Why training ended.</summary>
    public required StopReason Stopped { get; init; }

    /// <summary>The first step whose batch was predicted with accuracy of at least 0.999, or null.</summary>
    public int? MemorizedStep { get; init; }

    /// <summary>The first evaluated step with a held-out accuracy of at least 0.95, or null.</summary>
    public int? Step95 { get; init; }

    /// <summary>The first evaluated step with a held-out accuracy of at least 0.99, or null.</summary>
    public int? Step99 { get; init; }

    /// <summary>The trained model's mean loss on the training pairs, nats.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>The trained model's accuracy on the training pairs, 0–1.</summary>
    public required double TrainAccuracy { get; init; }

    /// <summary>The trained model's mean loss on the held-out pairs, nats.</summary>
    public required double HeldOutLoss { get; init; }

    /// <summary>The trained model's accuracy on the held-out pairs, 0–1.</summary>
    public required double HeldOutAccuracy { get; init; }

    /// <summary>The share of the 49 weekday prompts that the trained model answers, 0–1; null for other tasks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WeekdayAccuracy { get; init; }

    /// <summary>The share of the 144 month prompts that the trained model answers, 0–1; null for other tasks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MonthAccuracy { get; init; }

    /// <summary>The mean loss on training text, nats a token; null for models without text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TextLoss { get; init; }

    /// <summary>The evaluations during training, in order.</summary>
    public required IReadOnlyList<TrainingPoint> History { get; init; }

    /// <summary>The metrics of a model folder.</summary>
    /// <returns>The metrics, or null where the folder has none.</returns>
    /// <exception cref="InterpException">The file is not a recipe's metrics.</exception>
    public static RecipeMetrics? TryRead(string? folder)
    {
        var path = folder is null ? null : Path.Combine(folder, ModelFolder.MetricsFile);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<RecipeMetrics>(File.ReadAllBytes(path), ModelFolder.Json);
        }
        catch (JsonException e)
        {
            throw new InterpException($"{path} does not hold a recipe's metrics ({e.Message.ReplaceLineEndings(" ")}): correct it or delete it", e);
        }
    }
}
