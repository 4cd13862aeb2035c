using System.CommandLine;
using Interp.Cli.Frame;
using Interp.Models.Adapters;
using Interp.Workbench.Jobs;
using Interp.Workbench.Workspace;

namespace Interp.Cli.Verbs;

/// <summary>
/// <c>interp merge MODEL ADAPTER --out DIR</c>: a model with an adapter merged into its weights; <c>interp merge PART… --out DIR</c>: a capture
/// or a grid of dictionaries put together from the runs of its parts.
/// </summary>
internal sealed class MergeVerb : Verb
{
    private readonly Argument<string[]> _sources = new("source")
    {
        HelpName = "MODEL ADAPTER_DIR|PART...",
        Description = "A model (name or folder) and the folder of a LoRA adapter; or the run folders of all parts that capture --shard or atoms train --only wrote.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _out = new("--out") { Description = "The folder to make: a model's, or a run's.", HelpName = "DIR", Required = true };

    /// <summary>Makes the verb.</summary>
    public MergeVerb() : base("merge", "Write a model with an adapter merged into its weights, or put the parts of a capture or of a grid of dictionaries together.")
    {
        Add(_sources);
        Add(_out);
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        var sources = context.Get(_sources);
        if (sources.Any(PartsMerge.IsPart))
        {
            MergeParts(context, sources);
            return;
        }

        if (sources.Length != 2)
        {
            throw new UsageException("interp merge: give a model and an adapter, or the run folders of all parts: see interp merge --help");
        }

        using var workspace = context.OpenWorkspace();
        var folder = Path.GetFullPath(context.Get(_out)!);
        MergedCheckpoint.Write(workspace.ResolveModel(sources[0]), sources[1], folder, context.Progress, context.Cancellation);
        context.Print(new { folder }, (output, merged) => output.WriteLine($"model: {merged.folder}"));
    }

    private void MergeParts(VerbContext context, string[] parts)
    {
        var run = PartsMerge.Run(parts, RunTarget.AtFolder(context.Get(_out)!), context.Progress, context.Cancellation);
        context.Print(run.Result, (output, _) => RunText.Write(output, run));
    }
}
