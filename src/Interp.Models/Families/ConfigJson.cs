using System.Text;
using System.Text.Json;
using Interp.Models.Checkpoints;
using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>A <c>config.json</c>, read key by key with messages that name file and key. Null counts as absent.</summary>
internal sealed class ConfigJson
{
    /// <summary>No configuration is larger; what is, is no configuration.</summary>
    private const long LargestFile = 16 << 20;

    private const int MostLayers = 10_000;

    /// <summary>Bytes that are no UTF-8 are found when the file is read, not when a text of it is asked for.</summary>
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly HashSet<string> _used = new(StringComparer.Ordinal) { "model_type", "architectures", "torch_dtype", "dtype", "transformers_version" };
    private readonly JsonElement _root;

    private ConfigJson(string path, JsonElement root)
    {
        Path = path;
        _root = root;
    }

    public string Path { get; }

    /// <summary>Keys nobody asked for, with their values as JSON.</summary>
    public IReadOnlyDictionary<string, string> Unused => _root.EnumerateObject()
        .Where(property => !_used.Contains(property.Name))
        .DistinctBy(property => property.Name)
        .ToDictionary(property => property.Name, property => property.Value.GetRawText());

    /// <exception cref="CheckpointException">The file is missing or is not a JSON object.</exception>
    public static ConfigJson Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestFile } file)
            {
                throw new CheckpointException($"{path}: is {file.Length:N0} bytes long; a configuration is not");
            }

            return Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"{path}: there is no such file; name a model's folder, which holds config.json and safetensors weights", e);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: cannot be read ({e.Message.ReplaceLineEndings(" ")})", e);
        }
    }

    /// <summary>A configuration in memory.</summary>
    /// <param name="path">What messages call it.</param>
    /// <param name="json">UTF-8 JSON.</param>
    /// <exception cref="CheckpointException">It is not a JSON object.</exception>
    public static ConfigJson Parse(string path, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(s_strict.GetString(json.Span), new JsonDocumentOptions { MaxDepth = 32 });
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? new ConfigJson(path, document.RootElement.Clone())
            : throw new CheckpointException($"{path}: is not a JSON object");
    }

    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether a key is written at all, be it as null: families have defaults for keys that are left out, which an explicit null switches off.</summary>
    public bool Writes(string key) => _root.TryGetProperty(key, out _);

    public int Int(string key) => OptionalInt(key) ?? throw Missing(key);

    /// <summary>A number of layers, which code may loop over before any weight was looked at.</summary>
    public int Layers(string key) => OptionalInt(key) is not { } layers ? throw Missing(key)
        : layers <= MostLayers ? layers
        : throw new CheckpointException($"{Path}: {key} is {layers}; more than {MostLayers} layers are not supported");

    public int Int(string key, int fallback) => OptionalInt(key) ?? fallback;

    /// <summary>A positive whole number, or null.</summary>
    public int? OptionalInt(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number > 0 ? number
        : throw Wrong(key, value, "a positive whole number");

    public double Double(string key, double fallback) => OptionalDouble(key) ?? fallback;

    public double? OptionalDouble(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble() : throw Wrong(key, value, "a finite number");

    public bool Bool(string key, bool fallback) => Find(key) is not { } value ? fallback
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, value, "true or false");

    public string? Text(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(key, value, "a text");

    /// <summary>A list of numbers; empty when absent.</summary>
    public IReadOnlyList<double> Numbers(string key) => List(key, value => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Wrong(key, value, "a number in the list"));

    /// <summary>A list of texts; empty when absent.</summary>
    public IReadOnlyList<string> Texts(string key) => List(key, value => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(key, value, "a text in the list"));

    /// <summary>An object of names and numbers, in order; empty when absent.</summary>
    public IReadOnlyList<(string Name, double Value)> Pairs(string key) => Find(key) is not { } value ? []
        : value.ValueKind == JsonValueKind.Object
            ? [.. value.EnumerateObject().Select(pair => (pair.Name, pair.Value.ValueKind == JsonValueKind.Number ? pair.Value.GetDouble() : throw Wrong(key, value, "an object of numbers")))]
            : throw Wrong(key, value, "an object");

    /// <summary>A value as it is, or null.</summary>
    public JsonElement? Element(string key) => Find(key);

    /// <summary>The first text of a list, or null.</summary>
    public string? FirstText(string key) => Texts(key) is [var first, ..] ? first : null;

    /// <summary>An object inside, or null.</summary>
    public ConfigJson? Object(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new ConfigJson($"{Path}: {key}", value) : throw Wrong(key, value, "an object");

    /// <summary>Fails when a switch that would change the computation is set.</summary>
    public void Refuse(string key, string why)
    {
        if (Find(key) is { } value && value.ValueKind is not JsonValueKind.False && !(value.ValueKind == JsonValueKind.Number && value.GetDouble() <= 0))
        {
            throw new CheckpointException($"{Path}: {key} is set, {why}");
        }
    }

    /// <summary>The non-linearity by the names that configurations use.</summary>
    public ActivationFunction Activation(string key, string? fallback = null) => (Text(key) ?? fallback) switch
    {
        "relu" => ActivationFunction.Relu,
        "gelu" or "gelu_python" => ActivationFunction.Gelu,
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" or "gelu_accurate" or "gelu_python_tanh" => ActivationFunction.GeluTanh,
        "silu" or "swish" => ActivationFunction.Silu,
        "quick_gelu" => ActivationFunction.QuickGelu,
        "relu2" => ActivationFunction.SquaredRelu,
        "tanh" => ActivationFunction.Tanh,
        "sigmoid" => ActivationFunction.Sigmoid,
        "solu_ln" => ActivationFunction.Solu,
        null => throw Missing(key),
        var other => throw new CheckpointException($"{Path}: {key} {other} is unknown: known are relu, relu2, gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, quick_gelu, silu, swish, tanh, sigmoid, solu_ln"),
    };

    public CheckpointException Missing(string key) => new($"{Path}: has no {key}, which this family needs");

    private List<T> List<T>(string key, Func<JsonElement, T> read) => Find(key) is not { } value ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(read)] : throw Wrong(key, value, "a list");

    private CheckpointException Wrong(string key, JsonElement found, string expected) => new($"{Path}: {key} is {found.GetRawText()}, expected {expected}");

    private JsonElement? Find(string key)
    {
        _used.Add(key);
        return _root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }
}
