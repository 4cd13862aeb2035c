using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>
/// The file <c>training-state.safetensors</c>: parameters, both moments, and as notes the step, the random state, the history
/// and the options. It appears whole or not at all.
/// </summary>
internal static class TrainingState
{
    private const string FileName = "training-state.safetensors";
    private const string ParameterPrefix = "parameter.";

    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Whether a folder holds a state.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Removes a folder's state, and the folder when nothing else is in it.</summary>
    public static void Delete(string folder)
    {
        File.Delete(Path.Combine(folder, FileName));
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    /// <summary>Writes the state over an earlier one.</summary>
    public static void Write(string folder, TrainingOptions options, AdamW optimizer, TrainingNotes notes)
    {
        Directory.CreateDirectory(folder);
        var tensors = new Dictionary<string, Tensor>(optimizer.State());
        for (var i = 0; i < optimizer.Names.Count; i++)
        {
            tensors[ParameterPrefix + optimizer.Names[i]] = optimizer.Parameters[i];
        }

        SafetensorsWriter.Write(Path.Combine(folder, FileName), tensors, new Dictionary<string, string>
        {
            ["step"] = optimizer.StepCount.ToString(CultureInfo.InvariantCulture),
            ["options"] = Fingerprint(options),
            ["notes"] = JsonSerializer.Serialize(notes, s_json),
        });
    }

    /// <summary>Reads the state into the optimiser and its parameters.</summary>
    /// <exception cref="InterpException">The state is damaged, or was saved with other options or parameters.</exception>
    public static TrainingNotes Read(string folder, TrainingOptions options, AdamW optimizer)
    {
        var path = Path.Combine(folder, FileName);
        using var noGradient = no_grad();
        using var file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue("options", out var saved) || saved != Fingerprint(options))
        {
            throw new InterpException($"{path} was saved by a run with other options: use those again, or start anew by replacing the state");
        }

        CheckShapes(path, file, optimizer);
        try
        {
            var notes = JsonSerializer.Deserialize<TrainingNotes>(file.Metadata["notes"], s_json)!;
            optimizer.Restore(name => file.Read(name), long.Parse(file.Metadata["step"], CultureInfo.InvariantCulture));
            for (var i = 0; i < optimizer.Names.Count; i++)
            {
                using var parameter = file.Read(ParameterPrefix + optimizer.Names[i]);
                optimizer.Parameters[i].copy_(parameter);
            }

            return notes;
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException)
        {
            throw new InterpException($"{path} is damaged ({e.Message.ReplaceLineEndings(" ")}): delete it and start anew", e);
        }
    }

    /// <summary>Everything that decides the trajectory; the number of steps may be raised to go on, unless the rate is counted from it.</summary>
    private static string Fingerprint(TrainingOptions options) =>
        JsonSerializer.Serialize(options.CooldownSteps > 0 || options.Schedule != LearningRateSchedule.Constant ? options : options with { Steps = 1 });

    private static void CheckShapes(string path, SafetensorsFile file, AdamW optimizer)
    {
        var expected = optimizer.State()
            .Concat(optimizer.Names.Select((name, i) => KeyValuePair.Create(ParameterPrefix + name, optimizer.Parameters[i])));
        foreach (var (name, tensor) in expected)
        {
            if (!file.Entries.TryGetValue(name, out var entry))
            {
                throw new InterpException($"{path} has no {name}: it belongs to another model; start anew by replacing the state");
            }

            if (!entry.Shape.SequenceEqual(tensor.shape) || entry.Dtype != tensor.dtype)
            {
                throw new InterpException(
                    $"{name} in {path} is {entry.Dtype} [{string.Join(", ", entry.Shape)}] but the model's is {tensor.dtype} [{string.Join(", ", tensor.shape)}]: start anew by replacing the state");
            }
        }
    }
}
