using System.Text.Json.Nodes;
using Interp.Compute;
using Interp.Models.Adapters;
using Interp.Models.Checkpoints;
using Interp.Models.Transformer;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>From a checkpoint folder to a model.</summary>
internal static class ModelLoader
{
    private const string ConfigFile = "config.json";
    private const string TaskFile = "interp.json";

    public static LanguageModel Load(string folder, ModelLoadOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation) =>
        Load(folder, checkpoint => new CheckpointWeights(checkpoint, options.Memory), options, progress, cancellation);

    /// <summary>Everything but the weights' values: shapes are checked, nothing is read but headers.</summary>
    public static LanguageModel Inspect(string folder) =>
        Load(folder, checkpoint => new HeaderWeights(checkpoint), new ModelLoadOptions { Device = META }, null, CancellationToken.None);

    private static LanguageModel Load(
        string folder, Func<Checkpoint, IWeightSource> open, ModelLoadOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var whole = ConfigJson.Read(Path.Combine(folder, ConfigFile));
        var family = ModelFamilies.Find(whole);
        var json = whole.Object("text_config") ?? whole;
        if ((whole.Object("quantization_config") ?? json.Object("quantization_config")) is { } quantization)
        {
            throw new CheckpointException($"{json.Path}: the weights are quantised ({quantization.Text("quant_method") ?? "method unknown"}), which is not supported: use the model's unquantised checkpoint");
        }

        using var checkpoint = Checkpoint.Open(folder);
        using var adapter = options.Adapter is { } path ? LoraAdapter.Open(path) : null;
        var source = adapter is null ? open(checkpoint) : new AdaptedWeights(open(checkpoint), adapter);
        var headers = new WeightReader(folder, new HeaderWeights(checkpoint), options with { Device = META }, null, cancellation);
        var config = family.Config(json, headers);
        ConfigLimits.Check(json.Path, config);

        if (options.LargestBytes is { } limit && checkpoint.Names.Sum(name => checkpoint.Entry(name).ElementCount) is var elements
            && elements > limit / TensorSize(options.Dtype))
        {
            throw new CheckpointException($"{folder}: its {elements:N0} weights take {(double)elements * TensorSize(options.Dtype) / 1e9:0.0} GB, more than the {limit / 1e9:0.0} GB allowed");
        }

        // All names and shapes are checked before the first byte is read or allocated.
        foreach (var tensor in headers.Read(weights => family.Weights(config, json, weights)).All())
        {
            tensor.Dispose();
        }

        var reader = new WeightReader(folder, source, options, progress, cancellation);
        reader.Warnings.AddRange(adapter?.Warnings(Path.GetFileName(folder)) ?? []);
        var weights = reader.Read(weights => family.Weights(config, json, weights));
        try
        {
            return new LanguageModel(Path.GetFileName(folder), folder, config, weights)
            {
                Task = ReadTask(folder),
                Warnings = reader.Warnings,
                OtherSettings = json.Unused,
            };
        }
        catch
        {
            foreach (var tensor in weights.All())
            {
                tensor.Dispose();
            }

            throw;
        }
    }

    /// <summary>Reads a model's parameters from weights made of its headers, in its element type and on its device.</summary>
    public static TransformerParameters Probe(string folder, Func<IWeightSource, IWeightSource> make, LanguageModel model)
    {
        var whole = ConfigJson.Read(Path.Combine(folder, ConfigFile));
        using var checkpoint = Checkpoint.Open(folder);
        var reader = new WeightReader(folder, make(new HeaderWeights(checkpoint)), new ModelLoadOptions { Dtype = model.Dtype, Device = model.Device }, null, CancellationToken.None);
        var json = whole.Object("text_config") ?? whole;
        return reader.Read(weights => ModelFamilies.Find(whole).Weights(model.Config, json, weights));
    }

    private static int TensorSize(ScalarType dtype) => dtype switch { ScalarType.Float64 => 8, ScalarType.Float32 => 4, _ => 2 };

    public static void WriteTask(string folder, ModelTask task)
    {
        var json = new JsonObject { ["task"] = new JsonObject { ["kind"] = task.Kind, ["modulus"] = task.Modulus, ["prompts"] = "[a, b, =]" } };
        File.WriteAllText(Path.Combine(folder, TaskFile), json.ToJsonString(new() { WriteIndented = true, NewLine = "\n" }) + "\n");
    }

    private static ModelTask? ReadTask(string folder)
    {
        var path = Path.Combine(folder, TaskFile);
        if (!File.Exists(path) || ConfigJson.Read(path).Object("task") is not { } task)
        {
            return null;
        }

        return task.Text("kind") switch
        {
            ModelTask.ModularAddition => new ModelTask(ModelTask.ModularAddition, task.Int("modulus")),
            var other => throw new CheckpointException($"{path}: the task {other ?? "(none given)"} is unknown: known is {ModelTask.ModularAddition}"),
        };
    }
}
