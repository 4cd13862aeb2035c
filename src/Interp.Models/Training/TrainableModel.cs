using System.Text.Json;
using Interp.Compute;
using Interp.Models.Checkpoints;
using Interp.Models.Families;
using Interp.Models.Hooks;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>
/// A model of any family whose weights are live under its checkpoint's own names and layouts: logits have gradients with respect
/// to them, and writing them down gives a checkpoint of the family.
/// </summary>
/// <remarks>
/// The forward pass is that of <see cref="LanguageModel"/>; a test holds them together. The views that it reads are made anew each
/// time, which costs microseconds a layer.
/// </remarks>
public sealed class TrainableModel : IDisposable
{
    private readonly string _name;
    private readonly ConfigJson _json;
    private readonly IModelFamily _family;
    private readonly Dictionary<string, Tensor> _tensors;
    private readonly RotaryTables _rotary;
    private readonly HookTable _hooks;

    private TrainableModel(string name, ConfigJson json, Dictionary<string, Tensor> tensors)
    {
        (_name, _json, _tensors) = (name, json, tensors);
        _family = ModelFamilies.Find(json);
        Config = _family.Config(json, Reader(null, default));
        ConfigLimits.Check(json.Path, Config);
        _hooks = new HookTable(Config);
        _rotary = new RotaryTables(Config, Dtype, Device);
    }

    /// <summary>Sizes and switches.</summary>
    public ModelConfig Config { get; }

    /// <summary>The weights under the checkpoint's names; live, owned by the model.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>Where the weights are.</summary>
    public Device Device => _tensors.Values.First().device;

    private ScalarType Dtype => _tensors.Values.First().dtype;

    /// <summary>Reads a checkpoint folder's tensors.</summary>
    /// <param name="folder">A folder with <c>config.json</c> and safetensors weights.</param>
    /// <param name="options">Element type and device; an adapter is refused.</param>
    /// <param name="cancellation">Stops the reading between tensors.</param>
    /// <returns>The model, owned by the caller.</returns>
    /// <exception cref="InterpException">The folder is missing or damaged, or the weights do not fit the configuration.</exception>
    public static TrainableModel Load(string folder, ModelLoadOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ModelLoadOptions();
        if (options.Adapter is not null)
        {
            throw new InterpException("an adapter cannot be trained on as part of the model: load the model without it, and change the weights while computing logits");
        }

        var json = ConfigJson.Read(Path.Combine(folder, "config.json"));
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        return Own(tensors, () =>
        {
            using var checkpoint = Checkpoint.Open(folder);
            var source = new CheckpointWeights(checkpoint, WeightMemory.Copied);
            foreach (var name in source.Names)
            {
                cancellation.ThrowIfCancellationRequested();
                tensors.Add(name, source.Read(name, options.Dtype, options.Device ?? CPU).DetachFromDisposeScope());
            }

            return new TrainableModel(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), json, tensors);
        });
    }

    /// <summary>Makes a model of tensors in memory.</summary>
    /// <param name="config">The keys of the family's <c>config.json</c>.</param>
    /// <param name="tensors">All weights under the family's checkpoint names, of one type on one device; the model takes them over.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InterpException">The weights do not fit the configuration; they are freed.</exception>
    public static TrainableModel Create(IReadOnlyDictionary<string, object?> config, IReadOnlyDictionary<string, Tensor> tensors, string name = "model")
    {
        var owned = new Dictionary<string, Tensor>(tensors, StringComparer.Ordinal);
        return Own(owned, () => new TrainableModel(name, ConfigJson.Parse($"the configuration of {name}", JsonSerializer.SerializeToUtf8Bytes(config)), owned));
    }

    /// <summary>The logits of token ids, with their graph where gradients are recorded.</summary>
    /// <param name="ids">int64 [batch, position], on the weights' device.</param>
    /// <param name="change">What takes a tensor's place, given its checkpoint name and itself: an adapter's sum, for example. Null changes none.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <returns>[batch, position, d_vocab_out], in the current dispose scope.</returns>
    /// <exception cref="CheckpointException">A weight is missing, superfluous or of another shape than the family's.</exception>
    public Tensor Logits(Tensor ids, Func<string, Tensor, Tensor>? change = null, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var parameters = Reader(change, cancellation).Bind(reader => _family.Weights(Config, _json, reader));
        var plan = new HookPlan(_hooks, new RunOptions { RecordGradients = true }, []) { TokenIds = ids };
        var pass = new ForwardPass(Config, parameters, _rotary, plan, RunSpan.Of(Config, ids, new RunOptions()), recordsGradients: true);
        return pass.Finish(pass.Unembed(pass.Residual(ids, null, 0, Config.LayerCount, cancellation))).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        _rotary.Dispose();
        foreach (var tensor in _tensors.Values)
        {
            tensor.Dispose();
        }
    }

    private WeightReader Reader(Func<string, Tensor, Tensor>? change, CancellationToken cancellation) =>
        new(_name, new LiveWeights(_tensors, change), new ModelLoadOptions { Dtype = Dtype, Device = Device }, null, cancellation);

    private static TrainableModel Own(Dictionary<string, Tensor> tensors, Func<TrainableModel> make)
    {
        try
        {
            return make();
        }
        catch
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }

            throw;
        }
    }
}
