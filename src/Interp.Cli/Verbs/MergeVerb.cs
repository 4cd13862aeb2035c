using System.CommandLine;
using Interp.Cli.Frame;
using Interp.Models.Adapters;

namespace Interp.Cli.Verbs;

/// <summary><c>interp merge MODEL ADAPTER --out DIR</c>: a model with an adapter merged into its weights.</summary>
internal sealed class MergeVerb : Verb
{
    private readonly Argument<string> _model = ModelArgument.Create();

    private readonly Argument<string> _adapter = new("adapter") { HelpName = "ADAPTER_DIR", Description = "The folder of a LoRA adapter." };

    private readonly Option<string> _out = new("--out") { Description = "The model folder to make.", HelpName = "DIR", Required = true };

    /// <summary>Makes the verb.</summary>
    public MergeVerb() : base("merge", "Write a model with an adapter merged into its weights.")
    {
        Add(_model);
        Add(_adapter);
        Add(_out);
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        using var workspace = context.OpenWorkspace();
        var folder = Path.GetFullPath(context.Get(_out)!);
        MergedCheckpoint.Write(workspace.ResolveModel(context.Get(_model)), context.Get(_adapter), folder, context.Progress, context.Cancellation);
        context.Print(new { folder }, (output, merged) => output.WriteLine($"model: {merged.folder}"));
    }
}
