using System.Security.Cryptography;
using System.Text.Json;
using Interp.Compute;
using Interp.Compute.Options;

namespace Interp.Models.Training.FineTuning;

/// <summary>
/// The folders of a tuning: while it runs, <c>OUT.training</c> with its state and the adapters saved on the way; at the end <c>OUT</c>,
/// which appears whole or not at all.
/// </summary>
internal static class TuningFolder
{
    /// <summary>The file of the result.</summary>
    public const string ResultFile = "finetune.json";

    /// <summary>Where adapters saved during training lie.</summary>
    public const string StepsFolder = "steps";

    private const string RequestFile = "request.json";

    private static readonly string[] s_companions =
    [
        "config.json", "generation_config.json", "interp.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
        "added_tokens.json", "tokenizer.model", "tokens.json", "vocab.json", "merges.txt", "vocab.txt", "chat_template.jinja",
    ];

    /// <summary>Makes the working folder, or goes on in one of the same request.</summary>
    /// <exception cref="InterpException">It was begun with another model, text or settings.</exception>
    public static void Begin(string work, string modelFolder, string textFile, FineTuneOptions options)
    {
        var request = Request(modelFolder, textFile, options);
        var path = Path.Combine(work, RequestFile);
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(work);
            WriteWhole(path, temporary => File.WriteAllText(temporary, JsonSerializer.Serialize(request, ModelFolder.Json) + "\n"));
            return;
        }

        var before = JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(path), ModelFolder.Json) ?? [];
        if (request.FirstOrDefault(entry => before.GetValueOrDefault(entry.Key) != entry.Value) is { Key: not null } other)
        {
            throw new InterpException(
                $"{work} was begun with {other.Key} {before.GetValueOrDefault(other.Key) ?? "(not set)"}, not {other.Value}: use that again to go on, or delete the folder to start anew");
        }
    }

    /// <summary>Saves into <c>steps/STEP</c>, whole or not at all.</summary>
    public static void SaveStep(string work, int step, Action<string> write)
    {
        var target = Path.Combine(work, StepsFolder, step.ToString("D6", System.Globalization.CultureInfo.InvariantCulture));
        Directory.CreateDirectory(Path.Combine(work, StepsFolder));
        WriteFolder(target, write, replace: true);
    }

    /// <summary>Writes the output folder and removes the working one.</summary>
    public static void Finish(string work, string folder, Action<string> write)
    {
        WriteFolder(folder, temporary =>
        {
            write(temporary);
            var steps = Path.Combine(work, StepsFolder);
            if (Directory.Exists(steps))
            {
                Directory.Move(steps, Path.Combine(temporary, StepsFolder));
            }
        }, replace: false);
        Directory.Delete(work, recursive: true);
    }

    /// <summary>Copies a model folder's configuration and tokenizer.</summary>
    public static void CopyCompanions(string modelFolder, string folder)
    {
        foreach (var file in s_companions.Where(file => File.Exists(Path.Combine(modelFolder, file))))
        {
            File.WriteAllBytes(Path.Combine(folder, file), File.ReadAllBytes(Path.Combine(modelFolder, file)));
        }
    }

    /// <summary>Writes the result.</summary>
    public static void WriteResult(string folder, FineTuneResult result) =>
        File.WriteAllText(Path.Combine(folder, ResultFile), JsonSerializer.Serialize(result, ModelFolder.Json) + "\n");

    private static SortedDictionary<string, string> Request(string modelFolder, string textFile, FineTuneOptions options)
    {
        var request = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["model"] = Digest(Directory.EnumerateFiles(modelFolder, "*.safetensors").Order(StringComparer.Ordinal)),
            ["text"] = Digest([textFile]),
        };
        foreach (var (name, value) in OptionsSchema.Values(options).Where(value => value.Key is not (nameof(FineTuneOptions.CheckpointEvery) or nameof(FineTuneOptions.Merge))))
        {
            request.Add(char.ToLowerInvariant(name[0]) + name[1..], value);
        }

        return request;
    }

    private static string Digest(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void WriteFolder(string target, Action<string> write, bool replace)
    {
        var parent = Path.GetDirectoryName(target) ?? throw new InterpException($"{target} is the root of a file system: choose a folder inside it");
        Directory.CreateDirectory(parent);
        var temporary = Path.Combine(parent, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(temporary);
            write(temporary);
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: replace);
            }

            Directory.Move(temporary, target);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static void WriteWhole(string path, Action<string> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        write(temporary);
        File.Move(temporary, path, overwrite: true);
    }
}
