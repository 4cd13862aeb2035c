using Interp.Compute;
using Interp.Models.Adapters;
using Interp.Models.Families;
using Interp.Models.Generation;
using Interp.Models.Hooks;
using Interp.Models.Tokenization;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>
/// A transformer with named hooks. Weights are used as they were trained: nothing is folded or centred. Runs of one model may go
/// side by side on several threads.
/// </summary>
public sealed class LanguageModel : IDisposable
{
    private readonly TransformerParameters _weights;
    private readonly Dictionary<string, Tensor> _named;
    private readonly RotaryTables _rotary;
    private readonly Lock _attaching = new();
    private IReadOnlyList<AttachedAdapter> _adapters = [];
    private HookTable _hooks;
    private readonly HookSet _standing = new();
    private readonly Lazy<Tokenizer?> _tokenizer;

    internal LanguageModel(string name, string? folder, ModelConfig config, TransformerParameters weights)
    {
        Name = name;
        Folder = folder;
        Config = config;
        _tokenizer = new Lazy<Tokenizer?>(LoadTokenizer);
        _weights = weights;
        _hooks = new HookTable(config);
        _named = CanonicalNames.Of(config, weights);
        foreach (var view in _named.Values)
        {
            view.DetachFromDisposeScope();
        }

        _rotary = new RotaryTables(config, Dtype, Device);
    }

    /// <summary>The folder's name, or what the creator called it.</summary>
    public string Name { get; }

    /// <summary>The folder it was loaded from, or null.</summary>
    public string? Folder { get; }

    /// <summary>Sizes and switches.</summary>
    public ModelConfig Config { get; }

    /// <summary>The task whose prompts the model ships, or null.</summary>
    public ModelTask? Task { get; init; }

    /// <summary>The folder's tokenizer, or the task's, or null; read when first asked for.</summary>
    /// <exception cref="TokenizerException">Its files are damaged or ask for something unsupported.</exception>
    public Tokenizer? Tokenizer => _tokenizer.Value;

    /// <summary>What was odd about the checkpoint, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Configuration keys that were not acted on, with their values as JSON.</summary>
    public IReadOnlyDictionary<string, string> OtherSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the weights are.</summary>
    public Device Device => _weights.Embedding.device;

    /// <summary>The element type of weights and activations.</summary>
    public ScalarType Dtype => _weights.Embedding.dtype;

    /// <summary>The weights under TransformerLens's names, in its layouts; views owned by the model.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters => _named;

    /// <summary>The numbers in the weights; a tied unembedding counts once.</summary>
    public long ParameterCount => _named.Where(pair => !(Config.IsHeadTied && pair.Key == "unembed.W_U")).Sum(pair => pair.Value.NumberOfElements);

    /// <summary>Every hook point, in firing order.</summary>
    public IReadOnlyList<HookPoint> HookPoints => _hooks.Points;

    internal HookTable HookTable => _hooks;

    /// <summary>The hook points that a name means: a canonical name, a shorthand, a glob, a module path.</summary>
    /// <exception cref="HookNotFoundException">None; the message names the nearest.</exception>
    public IReadOnlyList<HookPoint> Resolve(string name) => [.. HookNames.Resolve(_hooks, name).Select(slot => _hooks.Points[slot])];

    /// <summary>Loads a checkpoint folder.</summary>
    /// <param name="folder">A folder with <c>config.json</c> and safetensors weights.</param>
    /// <param name="options">Element type and device.</param>
    /// <param name="progress">Receives a step a tensor.</param>
    /// <param name="cancellation">Stops the loading between tensors.</param>
    /// <returns>The model, owned by the caller.</returns>
    /// <exception cref="InterpException">The folder, its configuration or its weights are missing, damaged, of an unknown family, or do not fit each other.</exception>
    public static LanguageModel Load(
        string folder, ModelLoadOptions? options = null, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        ModelLoader.Load(folder, options ?? new ModelLoadOptions(), progress, cancellation);

    /// <summary>Reads a checkpoint folder's configuration and headers only: a model that answers what it is, but has no weights to run.</summary>
    /// <param name="folder">A folder with <c>config.json</c> and safetensors weights.</param>
    /// <returns>The model on torch's meta device, owned by the caller.</returns>
    /// <exception cref="InterpException">As <see cref="Load"/>, but for what only the weights' bytes would show.</exception>
    public static LanguageModel Inspect(string folder) => ModelLoader.Inspect(folder);

    /// <summary>Makes a model of the toy family from weights in memory, which are copied.</summary>
    /// <param name="config">Sizes and switches.</param>
    /// <param name="parameters">All weights under TransformerLens's names, in its layouts.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="task">The task whose prompts it ships, or null.</param>
    /// <param name="options">Element type and device.</param>
    /// <exception cref="Checkpoints.CheckpointException">A weight is missing, superfluous or of another shape.</exception>
    public static LanguageModel Create(
        ModelConfig config, IReadOnlyDictionary<string, Tensor> parameters, string name = "model", ModelTask? task = null, ModelLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var reader = new WeightReader(name, new MemoryWeights(parameters), options ?? new ModelLoadOptions(), null, CancellationToken.None);
        return new LanguageModel(name, null, config, reader.Read(weights => HookedTransformer.Weights(config, weights))) { Task = task };
    }

    /// <summary>Puts hooks in place for every run until the returned scope is disposed; they are called before a run's own.</summary>
    /// <param name="handlers">The hooks; names are checked at once.</param>
    /// <exception cref="HookNotFoundException">A name matches no hook point; none is put in place.</exception>
    public IDisposable Hooks(params IEnumerable<HookHandler> handlers)
    {
        var list = handlers.ToList();
        foreach (var handler in list)
        {
            HookNames.Resolve(_hooks, handler.Name);
        }

        return _standing.Add(list);
    }

    /// <summary>
    /// Puts a low-rank adapter (PEFT) beside the weights, which stay as they are: its parts are added as the model runs, each through a hook
    /// of its own, until it is disposed. Several may act together.
    /// </summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <param name="name">What to call it in hook names; null for the folder's name.</param>
    /// <returns>The adapter; disposing it takes it off. No run may be under way at either time.</returns>
    /// <exception cref="InterpException">It does not fit the model, does what can only be merged, or the name is taken.</exception>
    public AttachedAdapter Attach(string folder, string? name = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        name ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (name.Contains('.', StringComparison.Ordinal) || _adapters.Any(attached => attached.Name == name))
        {
            throw new InterpException($"the adapter's name {name} is taken or holds a dot: give another");
        }

        var adapter = new AttachedAdapter(LiveAdapter.Open(folder, name, this), Detach);
        lock (_attaching)
        {
            (_adapters, _hooks) = ([.. _adapters, adapter], new HookTable(Config, [.. _adapters, adapter]));
        }

        return adapter;
    }

    private void Detach(AttachedAdapter adapter)
    {
        lock (_attaching)
        {
            if (_adapters.Contains(adapter))
            {
                AttachedAdapter[] left = [.. _adapters.Where(other => other != adapter)];
                (_adapters, _hooks) = (left, new HookTable(Config, left));
                adapter.Adapter.Dispose();
            }
        }
    }

    /// <summary>The hooks in place now, so that none is forgotten.</summary>
    public IReadOnlyList<HookHandler> StandingHooks => _standing.All;

    /// <summary>Runs the model.</summary>
    /// <param name="ids">Token ids, int64 or int32 [batch, position], on any device; they stay the caller's.</param>
    /// <param name="options">What to capture, change and return; null returns all logits.</param>
    /// <param name="cancellation">Stops the run between blocks.</param>
    /// <returns>Logits and captured activations, owned by the caller.</returns>
    /// <exception cref="InterpException">The ids do not fit the model, or a hook name or a hook's result does not.</exception>
    public RunResult Run(Tensor ids, RunOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new RunOptions();
        CheckIds(ids);
        var plan = new HookPlan(_hooks, options, _standing.All, _adapters);
        CaptureBudget.Check(CaptureBudget.Bytes(_hooks, plan.Captured, ids.shape[0], ids.shape[1], options.CapturePositions, (int)_weights.Embedding.ElementSize), options.CaptureBudgetBytes);
        try
        {
            using var gradients = options.RecordGradients ? enable_grad() : no_grad();
            using var scope = NewDisposeScope();
            plan.TokenIds = ids.to(ScalarType.Int64).to(Device);
            var span = RunSpan.Of(Config, plan.TokenIds, options);
            CheckLength(span);
            plan.Position = span.Past;
            var pass = new ForwardPass(Config, _weights, _rotary, plan, span, options.RecordGradients);
            var (start, stop, needsLogits) = Extent(plan, options, span);
            var stream = pass.Residual(plan.TokenIds, options.InputResidual, start, stop, cancellation);
            cancellation.ThrowIfCancellationRequested();
            var logits = needsLogits ? Logits(pass, plan, stream, options, span) : null;
            span.Cache?.Advance((int)span.Length);
            logits?.MoveToOuterDisposeScope();
            var residual = options.StopAtLayer is null ? null : stream.MoveToOuterDisposeScope();
            return new RunResult(logits?.DetachFromDisposeScope(), residual?.DetachFromDisposeScope(), plan.Cache);
        }
        catch
        {
            plan.Cache.Dispose();
            throw;
        }
    }

    /// <summary>How many bytes a run's captured values would take, before it is run.</summary>
    /// <param name="capture">The points.</param>
    /// <param name="batch">Rows of the input.</param>
    /// <param name="length">Positions of the input.</param>
    /// <param name="positions">The positions kept; null for all.</param>
    /// <exception cref="HookNotFoundException">The filter matches nothing.</exception>
    public long CaptureBytes(HookFilter capture, long batch, long length, HookPositions? positions = null)
    {
        ArgumentNullException.ThrowIfNull(capture);
        return CaptureBudget.Bytes(_hooks, capture.Select(_hooks), batch, length, positions, (int)_weights.Embedding.ElementSize);
    }

    /// <summary>Puts any residual stream through the final norm and the unembedding, as a lens does; no soft cap, no hooks. Recorded for gradients where the stream asks for them.</summary>
    /// <param name="residual">[batch, position, d_model], of the model's type and device; it stays the caller's.</param>
    /// <returns>Logits before any division or soft cap, [batch, position, d_vocab_out], owned by the caller.</returns>
    /// <exception cref="ShapeMismatchException">The stream has another shape.</exception>
    public Tensor Unembed(Tensor residual)
    {
        ArgumentNullException.ThrowIfNull(residual);
        if (residual.dim() != 3 || residual.shape[2] != Config.Width)
        {
            throw new ShapeMismatchException("residual", $"[batch, position, {Config.Width}]", residual.shape);
        }

        using var gradients = residual.requires_grad ? (IDisposable)enable_grad() : no_grad();
        var plan = new HookPlan(_hooks, new RunOptions(), []);
        return new ForwardPass(Config, _weights, _rotary, plan, new RunSpan(), residual.requires_grad).Unembed(residual);
    }

    /// <summary>Writes the model as a toy-transformer folder: <c>config.json</c> and <c>model.safetensors</c> in TransformerLens's layout.</summary>
    /// <param name="folder">A folder to make, which must not hold a model.</param>
    /// <exception cref="InterpException">The folder holds a model already.</exception>
    public void Save(string folder) => HookedTransformer.Save(this, folder);

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        foreach (var view in _named.Values)
        {
            view.Dispose();
        }

        foreach (var tensor in _weights.All())
        {
            tensor.Dispose();
        }

        _rotary.Dispose();
        foreach (var adapter in _adapters)
        {
            adapter.Dispose();
        }
    }

    private Tokenizer? LoadTokenizer() => (Folder is null ? null : Tokenizer.TryLoad(Folder))
        ?? (Task is { Kind: ModelTask.ModularAddition } task ? Tokenizer.ForModularAddition(task.Modulus) : null);

    private static Tensor Logits(ForwardPass pass, HookPlan plan, Tensor stream, RunOptions options, RunSpan span)
    {
        // Only the last position is unembedded, unless a hook there wants to see all of them.
        var last = options.ReturnLogits == LogitPositions.Last;
        var early = last && !HooksAtTheEnd(plan);
        var logits = pass.Finish(pass.Unembed(early ? AtLast(stream, span) : stream));
        return (last && !early ? AtLast(logits, span) : logits).alias();
    }

    private static Tensor AtLast(Tensor values, RunSpan span) => span.Last is { } last
        ? values.gather(1, last.view(-1, 1, 1).expand(-1, 1, values.shape[2]))
        : values.narrow(1, values.shape[1] - 1, 1);

    private static bool HooksAtTheEnd(HookPlan plan) =>
        plan.Wants(HookSite.LnFinalScale) || plan.Wants(HookSite.LnFinalNormalized) || plan.Wants(HookSite.UnembedIn)
        || plan.Wants(HookSite.UnembedOut) || plan.Wants(HookSite.Logits);

    /// <summary>Which blocks are run, and whether the unembedding is.</summary>
    private (int Start, int Stop, bool Logits) Extent(HookPlan plan, RunOptions options, RunSpan span)
    {
        var start = options.StartAtLayer is { } first ? Layer(first, "start") : 0;
        if ((options.StartAtLayer is null) != (options.InputResidual is null))
        {
            throw new InterpException("StartAtLayer and InputResidual belong together: give both, or neither");
        }

        if (options.InputResidual is { } given && !given.shape.SequenceEqual([.. plan.TokenIds!.shape, Config.Width]))
        {
            throw new ShapeMismatchException("input residual", $"[{plan.TokenIds!.shape[0]}, {plan.TokenIds.shape[1]}, {Config.Width}]", given.shape);
        }

        if (options.StopAtLayer is { } stop)
        {
            return (start, Math.Max(start, Layer(stop, "stop")), false);
        }

        var all = span.Cache is not null || options.ReturnLogits != LogitPositions.None || HooksAtTheEnd(plan);
        return (start, all ? Config.LayerCount : Math.Max(start, plan.DeepestLayer + 1), options.ReturnLogits != LogitPositions.None || HooksAtTheEnd(plan));
    }

    private int Layer(int number, string verb)
    {
        var layer = number < 0 ? number + Config.LayerCount : number;
        return layer >= 0 && layer <= Config.LayerCount
            ? layer
            : throw new InterpException($"cannot {verb} at layer {number}: the model has {Config.LayerCount} layers, use 0 to {Config.LayerCount} or a negative number that counts from the end");
    }

    /// <summary>Whether a run of more tokens may use a cache: not where the rotation of the tokens before changes with the length.</summary>
    internal bool CanExtend(KeyValueCache cache, int tokens) => cache.Length == 0 || _rotary.CanExtend(cache.Length, cache.Length + tokens);

    private void CheckLength(RunSpan span)
    {
        // Only a table of positions ends somewhere; rotations and slopes go on, beyond what the model was trained for.
        if (span.Total > Config.ContextLength && Config.Positions is PositionKind.Learned or PositionKind.Shortformer)
        {
            throw new InterpException($"the input has {span.Total} tokens but {Name} takes at most {Config.ContextLength}: shorten it or cut it into pieces");
        }

        if (span.Cache is { } cache && !CanExtend(cache, (int)span.Length))
        {
            throw new InterpException($"the rotations of {Name} change beyond {cache.Length} tokens, so that the cached keys are wrong: clear the cache and run all {span.Total} tokens");
        }
    }

    private void CheckIds(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.dim() != 2 || ids.dtype is not (ScalarType.Int64 or ScalarType.Int32))
        {
            throw new ShapeMismatchException("token ids", "int64 [batch, position]", ids.shape);
        }

        if (ids.NumberOfElements == 0)
        {
            throw new ShapeMismatchException("token ids", "[batch, position] with at least one token", ids.shape);
        }

        using var scope = NewDisposeScope();
        var (lowest, highest) = (ids.min().ToInt64(), ids.max().ToInt64());
        if (lowest < 0 || highest >= Config.VocabularySize)
        {
            throw new InterpException($"token id {(lowest < 0 ? lowest : highest)} is outside the vocabulary of {Name}: ids are 0 to {Config.VocabularySize - 1}");
        }
    }
}
