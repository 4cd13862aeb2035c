using System.Globalization;
using System.Text.Json;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// A training run's whole state as one safetensors file, so that it is there whole or not at all: weights, moments, dead counters, and
/// among the notes the step, the curve, the options and the activations' fingerprint.
/// </summary>
internal static class AtomsCheckpoint
{
    public const string FileName = "training-state.safetensors";

    /// <summary>Options that may differ between the two halves of a run without changing its numbers.</summary>
    private static readonly string[] s_free = [nameof(AtomsOptions.Resume), nameof(AtomsOptions.CheckpointEvery), nameof(AtomsOptions.StateFolder), nameof(AtomsOptions.Hook), nameof(AtomsOptions.Tokens), nameof(AtomsOptions.Context)];

    public static void Save(string folder, AtomsTrainer trainer, AtomsOptions options, string fingerprint)
    {
        Directory.CreateDirectory(folder);
        var notes = new Dictionary<string, string>
        {
            ["step"] = trainer.Step.ToString(CultureInfo.InvariantCulture),
            ["options"] = JsonSerializer.Serialize(Fixed(options), ResultJson.Options),
            ["activations"] = fingerprint,
            ["curve"] = JsonSerializer.Serialize(trainer.Curve, ResultJson.Options),
        };
        SafetensorsWriter.Write(Path.Combine(folder, FileName), Tensors(trainer), notes);
    }

    /// <summary>Puts the state in the folder into the trainer.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="InterpException">The state is damaged or belongs to another run.</exception>
    public static bool TryRestore(string folder, AtomsTrainer trainer, AtomsOptions options, string fingerprint)
    {
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

        CheckOptions(path, Note(path, notes, "options"), Fixed(options));
        using var noGradient = no_grad();
        foreach (var (name, target) in Tensors(trainer))
        {
            using var saved = file.Read(name);
            if (saved.dtype != target.dtype || !saved.shape.AsSpan().SequenceEqual(target.shape))
            {
                throw new InterpException($"{path}: {name} is of another size than the options ask for; give another output folder");
            }

            _ = target.copy_(saved);
        }

        trainer.Step = int.Parse(Note(path, notes, "step"), CultureInfo.InvariantCulture);
        trainer.Optimizer.StepCount = trainer.Step;
        trainer.Curve.Clear();
        trainer.Curve.AddRange(JsonSerializer.Deserialize<AtomsTrainingPoint[]>(Note(path, notes, "curve"), ResultJson.Options)!);
        return true;
    }

    public static void Delete(string folder) => File.Delete(Path.Combine(folder, FileName));

    private static Dictionary<string, string> Fixed(AtomsOptions options) => OptionsSchema.Values(options)
        .Where(pair => !s_free.Contains(pair.Key)).ToDictionary();

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

    private static Dictionary<string, Tensor> Tensors(AtomsTrainer trainer)
    {
        var tensors = new Dictionary<string, Tensor> { ["silent"] = trainer.Silent };
        for (var i = 0; i < JumpReluParameters.Names.Count; i++)
        {
            tensors[JumpReluParameters.Names[i]] = trainer.Parameters.All[i];
        }

        var moments = trainer.Optimizer.State.ToArray();
        for (var i = 0; i < moments.Length; i++)
        {
            var kind = moments.Length > JumpReluParameters.Names.Count && i < JumpReluParameters.Names.Count ? "exp_avg" : "exp_avg_sq";
            tensors[$"{kind}.{JumpReluParameters.Names[i % JumpReluParameters.Names.Count]}"] = moments[i];
        }

        return tensors;
    }
}
