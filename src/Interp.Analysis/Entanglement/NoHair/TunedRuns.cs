using Interp.Compute;
using Interp.Models;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement.NoHair;

/// <summary>Opens the tuned models that the options name.</summary>
internal static class TunedRuns
{
    /// <summary>The runs as (name, folder).</summary>
    /// <exception cref="InterpException">There are fewer than two, or two of one name.</exception>
    public static IReadOnlyList<(string Name, string Folder)> Parse(IReadOnlyList<string> runs)
    {
        var parsed = runs.Select(run =>
        {
            var equals = run.IndexOf('=', StringComparison.Ordinal);
            return equals > 0 ? (Name: run[..equals], Folder: run[(equals + 1)..]) : (Name: Path.GetFileName(Path.TrimEndingDirectorySeparator(run)), Folder: run);
        }).ToArray();
        if (parsed.Length < 2)
        {
            throw new InterpException("the no-hair test compares tuned models with each other: name two at least with the option runs, as NAME=FOLDER");
        }

        return parsed.GroupBy(run => run.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new InterpException($"two of the runs are called {twice.Key}: give them names, as NAME=FOLDER")
            : parsed;
    }

    /// <summary>What a tuned model changed. An adapter is merged in float64, so that its product is not lost in the rounding of the weights.</summary>
    /// <exception cref="InterpException">It does not fit the base.</exception>
    public static WeightUpdates Updates(LanguageModel model, string folder)
    {
        using var tuned = Load(model, folder, IsAdapter(folder) ? ScalarType.Float64 : model.Dtype);
        if (!IsAdapter(folder))
        {
            return WeightUpdates.Of(model, tuned);
        }

        using var precise = Load(model, model.Folder!, ScalarType.Float64);
        return WeightUpdates.Of(precise, tuned);
    }

    /// <summary>Loads a tuned model: an adapter's folder is merged into the base, any other is a model.</summary>
    /// <exception cref="InterpException">It does not fit the base.</exception>
    public static LanguageModel Load(LanguageModel model, string folder) => Load(model, folder, model.Dtype);

    private static bool IsAdapter(string folder) => File.Exists(Path.Combine(folder, "adapter_config.json"));

    private static LanguageModel Load(LanguageModel model, string folder, ScalarType dtype)
    {
        if (model.Folder is not { } baseFolder)
        {
            throw new InterpException($"{model.Name} was not loaded from a folder, so nothing can be put on it: name a model's folder");
        }

        var isAdapter = IsAdapter(folder);
        var options = new ModelLoadOptions { Dtype = dtype, Device = model.Device, Adapter = isAdapter ? folder : null };
        var tuned = LanguageModel.Load(isAdapter ? baseFolder : folder, options);
        foreach (var (name, weight) in model.Parameters)
        {
            if (!tuned.Parameters.TryGetValue(name, out var other) || !other.shape.SequenceEqual(weight.shape))
            {
                tuned.Dispose();
                throw new InterpException($"{folder} has no {name} of shape [{string.Join(", ", weight.shape)}]: it was not tuned from {model.Name}");
            }
        }

        return tuned;
    }
}
