using System.CommandLine;
using Interp.Cli.Frame;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Checkpoints;
using Interp.Models.Hooks;
using static TorchSharp.torch;

namespace Interp.Cli.Verbs;

/// <summary><c>interp forward</c>: one run of a model; its logits and activations into a file.</summary>
internal sealed class ForwardVerb : Verb
{
    private const string IdsTensor = "input_ids";

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string?> _ids = new("--ids") { Description = $"A safetensors file with {IdsTensor} [batch, position].", HelpName = "F.safetensors" };
    private readonly Option<string?> _text = new("--text") { Description = "A text, with the special tokens that the tokenizer's files ask for.", HelpName = "T" };
    private readonly Option<string> _out = new("--out") { Description = "The safetensors file to write: logits and every hook asked for.", HelpName = "G.safetensors", Required = true };
    private readonly Option<string> _hooks = new("--hooks")
    {
        Description = "none, all, or names of hook points (shorthands and globs too); all is every default hook, attn.hook_result and hook_mlp_in. [none]",
        HelpName = "none|all|NAME,…",
        DefaultValueFactory = _ => "none",
    };

    private readonly Option<string?> _adapter = new("--adapter") { Description = "A low-rank adapter's folder, merged into the weights.", HelpName = "DIR" };

    /// <summary>Makes the verb.</summary>
    public ForwardVerb() : base("forward", "Run a model once and write its logits and activations.")
    {
        Add(_model);
        Option[] options = [_text, _ids, _out, _hooks, _adapter, CommonOptions.Device, CommonOptions.Dtype];
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
        using var model = context.LoadModel(context.Get(_model), context.Get(_adapter));
        var ids = file is not null ? ReadIds(file) : Encode(model, text!);
        using var run = model.Run(ids, new RunOptions { Capture = Filter(context.Get(_hooks)!) }, context.Cancellation);
        var tensors = run.Cache.Names.ToDictionary(name => name, name => run.Cache[name]);
        tensors.Add("logits", run.Logits!);
        context.Cancellation.ThrowIfCancellationRequested();
        SafetensorsWriter.Write(path, tensors);

        var written = new Written(model.Name, ids.shape, Path.GetFullPath(path), tensors.ToDictionary(pair => pair.Key, pair => pair.Value.shape));
        context.Print(written, (output, result) =>
            output.WriteLine($"{result.Model} on [{string.Join(", ", result.InputShape)}]: {result.Tensors.Count} tensors in {result.Path}"));
    }

    private static Tensor ReadIds(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Entries.ContainsKey(IdsTensor)
            ? file.Read(IdsTensor)
            : throw new CheckpointException($"{path}: has no tensor {IdsTensor}: save the token ids as int64 [batch, position] under that name");
    }

    private static Tensor Encode(LanguageModel model, string text)
    {
        var tokenizer = model.Tokenizer ?? throw new InterpException($"{model.Name} has no tokenizer: give token ids with --ids");
        var ids = tokenizer.Encode(text);
        return ids.Length > 0
            ? tensor(Array.ConvertAll(ids, id => (long)id)).unsqueeze(0) // [1, position]
            : throw new InterpException("the text has no tokens: give a text that is not empty");
    }

    private static HookFilter? Filter(string hooks) => hooks switch
    {
        "none" => null,
        "all" => HookFilter.Where(point => !point.IsOptIn || IsCheapEnough(point.Name)),
        _ => HookFilter.Names(hooks.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
    };

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
