using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Checkpoints;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Lenses.Tuned;

/// <summary>
/// The tuned lens (arXiv 2303.08112): before the final norm and the unembedding, the stream entering block l is moved by an affine
/// map of its own, h + A_l·h + b_l. The stream leaving the last block is read as it is.
/// </summary>
public sealed class TunedLens : IDisposable
{
    private const string ConfigFile = "config.json";

    private readonly Dictionary<string, Tensor> _parameters;

    private TunedLens(string model, string unembeddingHash, Dictionary<string, Tensor> parameters)
    {
        Model = model;
        UnembeddingHash = unembeddingHash;
        _parameters = parameters;
    }

    /// <summary>The model that it was trained for, as its file names it.</summary>
    public string Model { get; }

    /// <summary>SHA-256 of that model's unembedding, [vocabulary, d_model] in float32.</summary>
    public string UnembeddingHash { get; }

    /// <summary>How many translators there are, one a block.</summary>
    public int LayerCount => _parameters.Count / 2;

    /// <summary>The maps: <c>{l}.weight</c> [d_model, d_model] as [out, in], <c>{l}.bias</c> [d_model]; owned by the lens.</summary>
    internal IReadOnlyDictionary<string, Tensor> Parameters => _parameters;

    /// <summary>Maps that change nothing: with them the tuned lens is the logit lens.</summary>
    /// <param name="model">The model, which stays the caller's.</param>
    /// <returns>The lens, owned by the caller.</returns>
    public static TunedLens Identity(LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var parameters = new Dictionary<string, Tensor>();
        var (width, dtype) = (model.Config.Width, model.Dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
        for (var layer = 0; layer < model.Config.LayerCount; layer++)
        {
            parameters.Add(WeightName(layer), zeros(width, width, dtype: dtype, device: model.Device).DetachFromDisposeScope());
            parameters.Add(BiasName(layer), zeros(width, dtype: dtype, device: model.Device).DetachFromDisposeScope());
        }

        return new TunedLens(model.Name, Hash(model), parameters);
    }

    /// <summary>Reads a lens: <c>config.json</c> and <c>params.safetensors</c>, or <c>params.pt</c> as the tuned-lens package writes it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="model">The model that it is to be used with.</param>
    /// <param name="match">Whether a lens of another unembedding is refused.</param>
    /// <returns>The lens, owned by the caller.</returns>
    /// <exception cref="InterpException">The folder holds no lens, or one of another model.</exception>
    public static TunedLens Load(string folder, LanguageModel model, LensMatch match = LensMatch.Required)
    {
        ArgumentNullException.ThrowIfNull(model);
        var config = ReadConfig(Path.Combine(folder, ConfigFile));
        string Text(string key) => config[key] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
        var hash = Text("unembed_hash");
        if (match == LensMatch.Required && hash != Hash(model))
        {
            throw new InterpException($"{folder}: the lens was trained for {Text("base_model_name_or_path")} with another unembedding than {model.Name}'s: use its own model, or force it");
        }

        using var weights = LensWeights.Open(folder);
        var parameters = new Dictionary<string, Tensor>();
        try
        {
            for (var layer = 0; layer < model.Config.LayerCount; layer++)
            {
                Take(weights, parameters, WeightName(layer), model, [model.Config.Width, model.Config.Width]);
                Take(weights, parameters, BiasName(layer), model, [model.Config.Width]);
            }

            return weights.Names.FirstOrDefault(name => !parameters.ContainsKey(name)) is { } stray
                ? throw new InterpException($"{weights.Path}: holds {stray}, which a lens of {model.Config.LayerCount} layers does not have")
                : new TunedLens(Text("base_model_name_or_path"), hash, parameters);
        }
        catch
        {
            foreach (var tensor in parameters.Values)
            {
                tensor.Dispose();
            }

            throw;
        }
    }

    /// <summary>Writes the lens: the weights first, the configuration last.</summary>
    /// <param name="folder">A folder, made where it is missing; an earlier lens in it is replaced.</param>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, LensWeights.SafeFile), _parameters);
        var config = new JsonObject
        {
            ["base_model_name_or_path"] = Model,
            ["d_model"] = _parameters[BiasName(0)].shape[0],
            ["num_hidden_layers"] = LayerCount,
            ["bias"] = true,
            ["base_model_revision"] = null,
            ["unembed_hash"] = UnembeddingHash,
            ["lens_type"] = "linear_tuned_lens",
        };
        var path = Path.Combine(folder, ConfigFile);
        File.WriteAllText($"{path}.tmp", config.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");
        File.Move($"{path}.tmp", path, overwrite: true);
    }

    /// <summary>Logits from the translated stream entering each block, and from the stream leaving the last as it is.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">Token ids [batch, position].</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <returns>[layers + 1, batch, position, vocabulary], before any soft cap, owned by the caller.</returns>
    public Tensor Compute(LanguageModel model, Tensor ids, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ids);
        using var gradients = no_grad();
        return LogitLens.Compute(model, ids, (layer, stream) => layer < LayerCount ? Translate(layer, stream) : stream.alias(), cancellation);
    }

    /// <summary>h + A_l·h + b_l.</summary>
    /// <param name="layer">The block that the stream enters.</param>
    /// <param name="stream">[…, d_model].</param>
    /// <returns>The same shape, in the present dispose scope.</returns>
    public Tensor Translate(int layer, Tensor stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var weight = _parameters[WeightName(layer)];
        var precise = stream.to(weight.dtype);
        return (precise + precise.matmul(weight.t()) + _parameters[BiasName(layer)]).to(stream.dtype);
    }

    /// <summary>Frees the maps.</summary>
    public void Dispose()
    {
        foreach (var tensor in _parameters.Values)
        {
            tensor.Dispose();
        }
    }

    internal static string WeightName(int layer) => string.Create(CultureInfo.InvariantCulture, $"{layer}.weight");

    internal static string BiasName(int layer) => string.Create(CultureInfo.InvariantCulture, $"{layer}.bias");

    private static void Take(LensWeights weights, Dictionary<string, Tensor> parameters, string name, LanguageModel model, long[] shape)
    {
        var dtype = model.Dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        using var tensor = weights.Read(name, dtype);
        parameters.Add(name, tensor.to(model.Device, copy: true).DetachFromDisposeScope());
        if (!tensor.shape.SequenceEqual(shape))
        {
            throw new ShapeMismatchException($"{name} of {weights.Path}", $"[{string.Join(", ", shape)}]", tensor.shape);
        }
    }

    private static JsonObject ReadConfig(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { MaxDepth = 16 }) as JsonObject
                ?? throw new InterpException($"{path}: is not a JSON object");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InterpException($"{path}: holds no lens's configuration ({e.Message.ReplaceLineEndings(" ")}): name the folder of a tuned lens", e);
        }
    }

    private static string Hash(LanguageModel model)
    {
        using var scope = NewDisposeScope();
        var rows = model.Parameters["unembed.W_U"].t();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        const long RowsAtOnce = 4096;
        for (long first = 0; first < rows.shape[0]; first += RowsAtOnce)
        {
            using var part = rows.narrow(0, first, Math.Min(RowsAtOnce, rows.shape[0] - first)).to(ScalarType.Float32).cpu().contiguous();
            hash.AppendData(part.bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
