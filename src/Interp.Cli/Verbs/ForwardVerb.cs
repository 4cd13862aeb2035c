using System.CommandLine;
using System.Globalization;
using Interp.Cli.Frame;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Checkpoints;
using Interp.Models.Hooks;
using Interp.Models.Hooks.Interventions;
using static TorchSharp.torch;

namespace Interp.Cli.Verbs;

/// <summary><c>interp forward</c>: one run of a model; its logits and activations into a file.</summary>
internal sealed class ForwardVerb : Verb
{
    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string?> _ids = TokenInput.IdsOption();
    private readonly Option<string?> _text = TokenInput.TextOption();
    private readonly Option<string> _out = new("--out") { Description = "The safetensors file to write: logits and every hook asked for.", HelpName = "G.safetensors", Required = true };
    private readonly Option<string> _hooks = new("--hooks")
    {
        Description = "none, all, or names of hook points (shorthands and globs too); all is every default hook, attn.hook_result and hook_mlp_in. [none]",
        HelpName = "none|all|NAME,…",
        DefaultValueFactory = _ => "none",
    };

    private readonly Option<string?> _adapter = new("--adapter") { Description = "A low-rank adapter's folder, merged into the weights.", HelpName = "DIR" };

    private readonly Option<double?> _strength = new("--adapter-strength")
    {
        Description = "Run the adapter beside the weights instead of merging it, this many times as strong; its parts have hooks of their own.", HelpName = "S",
    };

    private readonly Option<string?> _intervene = new("--intervene")
    {
        Description = "A JSON file of interventions, {target, positions, operation, strength} each, that act on the run.", HelpName = "FILE.json",
    };

    private readonly Option<string?> _positions = new("--positions")
    {
        Description = "At which positions hooks are written: all, last, FROM..TO (the end left out), or numbers with commas; negative numbers count from the end. [all]", HelpName = "POSITIONS",
    };

    /// <summary>Makes the verb.</summary>
    public ForwardVerb() : base("forward", "Run a model once and write its logits and activations.")
    {
        Add(_model);
        Option[] options = [_text, _ids, _out, _hooks, _positions, _intervene, _adapter, _strength, CommonOptions.Device, CommonOptions.Dtype];
        foreach (var option in options)
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        var path = context.Get(_out)!;
        var (text, file) = (context.Get(_text), context.Get(_ids));
        if ((text is null) == (file is null))
        {
            throw new UsageException("interp forward needs its input: give either --text T or --ids F.safetensors");
        }

        OutputFile.Check(path);
        using var scope = NewDisposeScope();
        var (adapter, strength) = (context.Get(_adapter), context.Get(_strength));
        if (strength is not null && adapter is null)
        {
            throw new UsageException("--adapter-strength is that of an adapter: give --adapter DIR too");
        }

        using var model = context.LoadModel(context.Get(_model), strength is null ? adapter : null);
        using var attached = strength is null ? null : model.Attach(adapter!);
        var ids = file is not null ? TokenInput.Read(file) : TokenInput.Encode(model, text!);
        using var interventions = InterventionRun.Prepare(model, ids, context.Get(_intervene) is { } records ? Intervention.Read(records) : [], context.Cancellation);
        var options = new RunOptions
        {
            Capture = Filter(context.Get(_hooks)!),
            CapturePositions = Positions(context.Get(_positions)),
            Hooks = interventions.Hooks,
            AttentionMask = file is null ? null : TokenInput.ReadMask(file),
            AdapterStrengths = attached is null ? null : new Dictionary<string, double> { [attached.Name] = strength!.Value },
        };
        VerbContext.Plan(model, RunMemory.Of(model, ids.shape[0], ids.shape[1], options));
        using var run = model.Run(ids, options, context.Cancellation);
        var tensors = run.Cache.Names.ToDictionary(name => name, name => run.Cache[name]);
        tensors.Add("logits", run.Logits!);
        context.Cancellation.ThrowIfCancellationRequested();
        SafetensorsWriter.Write(path, tensors);

        var written = new Written(model.Name, ids.shape, Path.GetFullPath(path), tensors.ToDictionary(pair => pair.Key, pair => pair.Value.shape));
        context.Print(written, (output, result) =>
            output.WriteLine($"{result.Model} on [{string.Join(", ", result.InputShape)}]: {result.Tensors.Count} tensor{(result.Tensors.Count == 1 ? "" : "s")} in {result.Path}"));
    }

    private static HookFilter? Filter(string hooks) => hooks switch
    {
        "none" => null,
        "all" => HookFilter.Where(point => !point.IsOptIn || IsCheapEnough(point.Name)),
        _ => HookFilter.Names(hooks.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
    };

    private static HookPositions? Positions(string? written)
    {
        if (written is null or "all" or "last")
        {
            return written == "last" ? HookPositions.Last : null;
        }

        int Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"--positions does not take '{written}': write all, last, FROM..TO, or numbers with commas");
        int? Bound(string text) => text.Length == 0 ? null : Number(text);
        return written.Split("..") is [var from, var to] ? HookPositions.Range(Bound(from), Bound(to)) : HookPositions.At([.. written.Split(',').Select(Number)]);
    }

    // Opt-in points that "all" writes too.
    private static bool IsCheapEnough(string name) =>
        name.EndsWith("attn.hook_result", StringComparison.Ordinal) || name.EndsWith("hook_mlp_in", StringComparison.Ordinal);

    /// <summary>What was written.</summary>
    /// <param name="Model">The model's name.</param>
    /// <param name="InputShape">[batch, position].</param>
    /// <param name="Path">The file.</param>
    /// <param name="Tensors">The shapes by name.</param>
    private sealed record Written(string Model, IReadOnlyList<long> InputShape, string Path, IReadOnlyDictionary<string, long[]> Tensors);
}
