using Interp.Models.Checkpoints;
using Interp.Models.Families;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Adapters;

/// <summary>
/// A LoRA adapter of PEFT: for each module two thin matrices whose product is added to the module's weight, and whole tensors that
/// replace the base's.
/// </summary>
internal sealed class LoraAdapter : IDisposable
{
    private const string WeightsFile = "adapter_model.safetensors";
    private const string ConfigFile = "adapter_config.json";
    private const string Prefix = "base_model.model.";

    private readonly SafetensorsFile _file;
    private readonly Dictionary<string, LoraModule> _modules;
    private readonly Dictionary<string, string> _replacements;

    private LoraAdapter(string folder, LoraConfig config, SafetensorsFile file)
    {
        Folder = folder;
        Config = config;
        _file = file;
        _modules = ReadModules();
        _replacements = ReadReplacements();
        if (file.Entries.Keys.FirstOrDefault(name => IsLora(name) && !_modules.Values.Any(module => name == module.A || name == module.B || name == module.Magnitude)) is { } stray)
        {
            throw new CheckpointException($"{file.Path}: holds {stray}, which is no part of a pair of lora_A and lora_B: this kind of adapter is not supported");
        }
    }

    public string Folder { get; }

    public LoraConfig Config { get; }

    /// <summary>The modules it changes, by path.</summary>
    public IReadOnlyDictionary<string, LoraModule> Modules => _modules;

    /// <summary>Whole tensors that replace the base's, by their name there.</summary>
    public IReadOnlyCollection<string> Replacements => _replacements.Keys;

    /// <summary>Opens an adapter's folder.</summary>
    /// <exception cref="CheckpointException">It is no adapter, is damaged, or asks for what is not supported.</exception>
    public static LoraAdapter Open(string folder)
    {
        var config = LoraConfig.Read(Path.Combine(folder, ConfigFile));
        var file = SafetensorsFile.Open(Path.Combine(folder, WeightsFile));
        try
        {
            return new LoraAdapter(folder, config, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>What is odd about putting it on a model, one line each.</summary>
    public IEnumerable<string> Warnings(string model)
    {
        if (Config.BaseModel is { } trainedOn && !string.Equals(Path.GetFileName(Path.TrimEndingDirectorySeparator(trainedOn)), model, StringComparison.OrdinalIgnoreCase))
        {
            yield return $"the adapter {Path.GetFileName(Folder)} names {trainedOn} as its base, not {model}";
        }

        if (Config.Initialisation is { } special && (special.StartsWith("pissa", StringComparison.Ordinal) || special is "olora" or "loftq" or "corda"))
        {
            yield return $"the adapter {Path.GetFileName(Folder)} was initialised with {special}, which changes the base weights: unless it was converted back, its numbers on the plain base mean nothing";
        }
    }

    /// <summary>A replaced tensor, owned by the caller.</summary>
    public Tensor Replacement(string name, ScalarType dtype, Device device) => _file.Read(_replacements[name], dtype, device);

    /// <summary>The weight with the adapter merged into it; a new tensor of the base's layout and type, owned by the caller.</summary>
    /// <param name="module">The module.</param>
    /// <param name="weight">The base's weight, float32 or float64.</param>
    public Tensor Merge(LoraModule module, Tensor weight)
    {
        using var scope = NewDisposeScope();
        var a = _file.Read(module.A, weight.dtype, weight.device);
        var b = _file.Read(module.B, weight.dtype, weight.device);
        var isTransposed = module.IsEmbedding || Config.IsFanInFanOut;
        var product = b.matmul(a) * module.Scale; // [out, in]
        product = StoredMatrix.Of(HookedTransformer.Type, module.Path, weight.shape) is { } toy ? toy.ToStored(product) : isTransposed ? product.t() : product;
        if (!product.shape.SequenceEqual(weight.shape))
        {
            throw new CheckpointException(
                $"{Folder}: the adapter's change of {module.Path} is [{string.Join(", ", product.shape)}] but the model's weight is [{string.Join(", ", weight.shape)}]: it was trained on another model");
        }

        var merged = weight + product;
        return (module.Magnitude is null ? merged : Rescale(merged, module, isTransposed)).MoveToOuterDisposeScope();
    }

    /// <summary>The rank of a module.</summary>
    public int RankOf(LoraModule module) => (int)_file.Entries[module.A].Shape[0];

    /// <summary>Aᵀ, [in, r], owned by the caller.</summary>
    public Tensor Down(LoraModule module, ScalarType dtype, Device device)
    {
        using var a = _file.Read(module.A, dtype, device);
        return a.t().contiguous();
    }

    /// <summary>The scaled B, [out, r], owned by the caller.</summary>
    public Tensor Up(LoraModule module, ScalarType dtype, Device device)
    {
        using var b = _file.Read(module.B, ScalarType.Float64, device);
        using var scaled = b * module.Scale;
        return scaled.to(dtype);
    }

    public void Dispose() => _file.Dispose();

    // DoRA: the direction of each output's weights, times a learned magnitude.
    private Tensor Rescale(Tensor merged, LoraModule module, bool isTransposed)
    {
        var magnitude = _file.Read(module.Magnitude!, merged.dtype, merged.device).flatten();
        var inputs = isTransposed ? 0 : 1;
        var factor = magnitude / merged.norm(inputs, false, 2f);
        return merged * factor.unsqueeze(inputs);
    }

    private static bool IsLora(string name) => name.Contains(".lora_", StringComparison.Ordinal);

    // Wrapped layers and saved modules have a level of their own in some writers' names.
    private static string BasePath(string name) => (name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name)
        .Replace(".base_layer", "", StringComparison.Ordinal)
        .Replace(".modules_to_save.default", "", StringComparison.Ordinal)
        .Replace(".modules_to_save", "", StringComparison.Ordinal);

    private Dictionary<string, string> ReadReplacements()
    {
        var replacements = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in _file.Entries.Keys.Where(name => !IsLora(name)))
        {
            if (!replacements.TryAdd(BasePath(name), name))
            {
                throw new CheckpointException($"{_file.Path}: holds {BasePath(name)} twice, as {replacements[BasePath(name)]} and {name}");
            }
        }

        return replacements;
    }

    private Dictionary<string, LoraModule> ReadModules()
    {
        var modules = new Dictionary<string, LoraModule>(StringComparer.Ordinal);
        foreach (var a in _file.Entries.Keys.Where(name => name.Contains(".lora_A", StringComparison.Ordinal) || name.Contains(".lora_embedding_A", StringComparison.Ordinal)))
        {
            var isEmbedding = a.Contains(".lora_embedding_A", StringComparison.Ordinal);
            var mark = isEmbedding ? ".lora_embedding_A" : ".lora_A";
            var b = a.Replace(mark, isEmbedding ? ".lora_embedding_B" : ".lora_B", StringComparison.Ordinal);
            if (!_file.Entries.TryGetValue(b, out var bEntry))
            {
                throw new CheckpointException($"{_file.Path}: holds {a} but no {b}: the adapter is damaged");
            }

            var path = BasePath(a[..a.IndexOf(mark, StringComparison.Ordinal)]);
            CheckRank(path, _file.Entries[a], bEntry);
            if (modules.ContainsKey(path))
            {
                throw new CheckpointException($"{_file.Path}: holds more than one adapter of {path}: give a file of one adapter");
            }

            modules.Add(path, new LoraModule(path, a, b, Magnitude(a, mark, path), isEmbedding, Config.ScaleOf(path)));
        }

        return modules.Count > 0 ? modules : throw new CheckpointException($"{_file.Path}: holds no pair of lora_A and lora_B: name the folder of a LoRA adapter");
    }

    private string? Magnitude(string a, string mark, string path)
    {
        if (!Config.HasMagnitudes)
        {
            return null;
        }

        var stem = a[..a.IndexOf(mark, StringComparison.Ordinal)];
        return _file.Entries.Keys.FirstOrDefault(name => name.StartsWith($"{stem}.lora_magnitude_vector", StringComparison.Ordinal))
            ?? throw new CheckpointException($"{_file.Path}: use_dora is set but {path} has no magnitude vector");
    }

    private void CheckRank(string path, TensorEntry a, TensorEntry b)
    {
        var rank = Config.RankOf(path);
        if (a.Shape.Count != 2 || b.Shape.Count != 2 || a.Shape[0] != rank || b.Shape[1] != rank)
        {
            throw new CheckpointException(
                $"{_file.Path}: {path} has A [{string.Join(", ", a.Shape)}] and B [{string.Join(", ", b.Shape)}] where the configuration's rank is {rank}");
        }
    }
}
