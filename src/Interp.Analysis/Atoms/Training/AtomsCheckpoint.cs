using System.Globalization;
using System.Text.Json;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// A dictionary's whole training state as one safetensors file, so that it is there whole or not at all: weights, moments, counters, and
/// among the notes the step, the curve, the options and the activations' fingerprint.
/// </summary>
internal static class AtomsCheckpoint
{
    public const string FileName = "training-state.safetensors";

    /// <summary>Options that may differ between the two halves of a run without changing a dictionary's numbers; those of the grid are compared point by point.</summary>
    private static readonly string[] s_free =
    [
        nameof(AtomsOptions.Resume), nameof(AtomsOptions.CheckpointEvery), nameof(AtomsOptions.StateFolder), nameof(AtomsOptions.Only), nameof(AtomsOptions.Hook), nameof(AtomsOptions.Tokens), nameof(AtomsOptions.Context),
        nameof(AtomsOptions.Architecture), nameof(AtomsOptions.Width), nameof(AtomsOptions.TargetL0), nameof(AtomsOptions.Seed),
        nameof(AtomsOptions.LearningRate), nameof(AtomsOptions.BatchSize), nameof(AtomsOptions.DeadAfterRows),
    ];

    public static void Save(string folder, DictionaryLearner learner, string fingerprint)
    {
        Directory.CreateDirectory(folder);
        var notes = new Dictionary<string, string>
        {
            ["step"] = learner.Step.ToString(CultureInfo.InvariantCulture),
            ["options"] = JsonSerializer.Serialize(Fixed(learner.Options), ResultJson.Options),
            ["activations"] = fingerprint,
            ["curve"] = JsonSerializer.Serialize(learner.Curve, ResultJson.Options),
        };
        SafetensorsWriter.Write(Path.Combine(folder, FileName), learner.State, notes);
    }

    /// <summary>Puts the state in the folder into the learner, and removes what a killed writer left beside it.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="InterpException">The state is damaged or belongs to another run.</exception>
    public static bool TryRestore(string folder, DictionaryLearner learner, string fingerprint)
    {
        RemoveHalfWritten(folder);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = SafetensorsFile.Open(path);
        var notes = file.Metadata;
        if (Note(path, notes, "activations") != fingerprint)
        {
            throw new InterpException($"{path}: was trained on other activations; give those, or another output folder");
        }

        CheckOptions(path, Note(path, notes, "options"), Fixed(learner.Options));
        using var noGradient = no_grad();
        foreach (var (name, target) in learner.State)
        {
            using var saved = file.Read(name);
            if (saved.dtype != target.dtype || !saved.shape.AsSpan().SequenceEqual(target.shape))
            {
                throw new InterpException($"{path}: {name} is of another size than the options ask for; give another output folder");
            }

            _ = target.copy_(saved);
        }

        learner.Step = int.Parse(Note(path, notes, "step"), CultureInfo.InvariantCulture);
        learner.Curve.Clear();
        learner.Curve.AddRange(JsonSerializer.Deserialize<AtomsTrainingPoint[]>(Note(path, notes, "curve"), ResultJson.Options)!);
        return true;
    }

    public static void Delete(string folder) => File.Delete(Path.Combine(folder, FileName));

    private static void RemoveHalfWritten(string folder)
    {
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, $"{FileName}.*.tmp") : [])
        {
            File.Delete(file);
        }
    }

    private static Dictionary<string, string> Fixed(LearnerOptions options)
    {
        var values = OptionsSchema.Values(options.Shared).Where(pair => !s_free.Contains(pair.Key)).ToDictionary();
        values[nameof(options.Architecture)] = options.Architecture.ToString();
        values[nameof(options.Width)] = Text(options.Width);
        values[nameof(options.TargetL0)] = Text(options.TargetL0);
        values[nameof(options.Seed)] = Text(options.Seed);
        values[nameof(options.LearningRate)] = Text(options.LearningRate);
        values[nameof(options.BatchSize)] = Text(options.BatchSize);
        values[nameof(options.DeadAfterRows)] = Text(options.DeadAfterRows);
        return values;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static void CheckOptions(string path, string saved, Dictionary<string, string> wanted)
    {
        var before = JsonSerializer.Deserialize<Dictionary<string, string>>(saved, ResultJson.Options)!;
        foreach (var (name, value) in wanted)
        {
            if (before.GetValueOrDefault(name) != value)
            {
                throw new InterpException($"{path}: was started with {name} {before.GetValueOrDefault(name)} and cannot go on with {value}; give the same options or another output folder");
            }
        }
    }

    private static string Note(string path, IReadOnlyDictionary<string, string> notes, string key) => notes.TryGetValue(key, out var text)
        ? text
        : throw new InterpException($"{path}: is no training state, its {key} is missing; give another output folder");
}
