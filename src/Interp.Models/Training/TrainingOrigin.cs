using System.Text.Json;
using Interp.Compute;

namespace Interp.Models.Training;

/// <summary>What a model folder's <c>interp.json</c> says of its training, from which the split of pairs can be drawn again.</summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="Seed">The seed of the split and the initial weights.</param>
/// <param name="TrainFraction">The share of all pairs that was trained on, 0–1.</param>
/// <param name="Steps">The optimiser steps taken.</param>
public sealed record TrainingOrigin(string Recipe, long Seed, double TrainFraction, int Steps)
{
    /// <summary>The sums kept out of a training text, by what is counted ("days", "months"); null for other recipes.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<HeldOutSum>>? HeldOut { get; init; }

    private const string FileName = "interp.json";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>The origin of a model folder.</summary>
    /// <returns>The origin, or null where the folder does not say.</returns>
    /// <exception cref="InterpException">The file is not JSON.</exception>
    public static TrainingOrigin? TryRead(string? folder)
    {
        var path = folder is null ? null : Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var origin = JsonSerializer.Deserialize<TrainingOrigin>(File.ReadAllBytes(path), s_json);
            return origin is { Recipe: not null, TrainFraction: > 0 and < 1 } ? origin : null;
        }
        catch (JsonException e)
        {
            throw new InterpException($"{path} is not valid JSON ({e.Message.ReplaceLineEndings(" ")}): correct it or delete it", e);
        }
    }
}
