using System.CommandLine;
using Interp.Analysis;
using Interp.Cli.Frame;
using Interp.Compute.Options;
using Interp.Models.Checkpoints;
using Interp.Workbench.Jobs;
using Interp.Workbench.Workspace;

namespace Interp.Cli.Verbs;

/// <summary>One analysis of the catalogue as a verb: its sources and its options record make the arguments and flags.</summary>
internal sealed class AnalysisRunVerb : Verb
{
    private readonly AnalysisEntry _entry;
    private readonly SourceKinds _positionalKinds;
    private readonly Argument<string?>? _positional;
    private readonly Dictionary<SourceKinds, Option<string?>> _sources = [];
    private readonly OptionFlags _flags;

    /// <summary>Makes the verb.</summary>
    /// <param name="name">The last word of the verb.</param>
    /// <param name="entry">The analysis.</param>
    public AnalysisRunVerb(string name, AnalysisEntry entry) : base(name, entry.Summary)
    {
        _entry = entry;
        _positionalKinds = AnalysisVerb.Positional(entry.Sources);
        if (_positionalKinds != SourceKinds.None)
        {
            var kinds = AnalysisVerb.Each(_positionalKinds);
            _positional = new Argument<string?>("source")
            {
                HelpName = string.Join("|", kinds.Select(AnalysisVerb.Placeholder)),
                Description = string.Join("; or ", kinds.Select(AnalysisVerb.Describe)),
                Arity = ArgumentArity.ZeroOrOne,
            };
            Add(_positional);
        }

        foreach (var kind in AnalysisVerb.Each(entry.Sources & ~_positionalKinds))
        {
            _sources.Add(kind, new Option<string?>(AnalysisVerb.Flag(kind)) { Description = AnalysisVerb.Describe(kind), HelpName = AnalysisVerb.Placeholder(kind) });
        }

        _flags = new OptionFlags(entry.OptionsType);
        Option[] options = [.. _sources.Values, .. _flags.Options, CommonOptions.RunFolder, CommonOptions.Device];
        foreach (var option in options)
        {
            Add(option);
        }

        if (entry.Sources.HasFlag(SourceKinds.Model))
        {
            Add(CommonOptions.Dtype);
        }
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        using var workspace = context.OpenWorkspace();
        using var runner = new RequestRunner(workspace);
        var target = context.Get(CommonOptions.RunFolder) is { } folder ? RunTarget.AtFolder(folder) : null;
        var request = Request(context, workspace);
        context.LogIfAny(runner.DeviceRemark(request));
        var run = runner.Run(request, target, context.Progress, context.Cancellation);
        context.Print(run.Result, (output, _) => RunText.Write(output, run));
    }

    private JobRequest Request(VerbContext context, Workspace workspace)
    {
        var word = _positional is null ? null : context.Parsed.GetValue(_positional);
        if (_positional is not null && word is null && _sources.Values.All(option => context.Get(option) is null))
        {
            throw new UsageException($"interp {AnalysisVerb.Of(_entry.Name)}: {_positional.HelpName} is missing: see interp {AnalysisVerb.Of(_entry.Name)} --help");
        }

        var kind = word is null ? SourceKinds.None : KindOf(word, workspace);
        string? Source(SourceKinds asked) => kind == asked ? word : _sources.TryGetValue(asked, out var option) ? context.Get(option) : null;
        return new JobRequest
        {
            Analysis = _entry.Name,
            Model = Source(SourceKinds.Model),
            Tensor = Source(SourceKinds.Tensor),
            Dictionary = Source(SourceKinds.Dictionary),
            Activations = Source(SourceKinds.Activations),
            TextFile = Source(SourceKinds.Text),
            Options = _flags.Values(context.Parsed),
            Device = context.Device,
            Dtype = _entry.Sources.HasFlag(SourceKinds.Model) ? context.Get(CommonOptions.Dtype) : null,
        };
    }

    // Where several kinds will do: a tensor when it is written FILE:TENSOR and is not the name of a model, a dictionary when it is
    // a run's folder or one without a model's configuration.
    private SourceKinds KindOf(string word, Workspace workspace)
    {
        if (AnalysisVerb.Each(_positionalKinds).Count == 1)
        {
            return _positionalKinds;
        }

        var isTensor = word.Contains(':', StringComparison.Ordinal) && !Directory.Exists(word)
            && (File.Exists(TensorReference.Parse(word).File) || workspace.Models().All(model => model.Name != word));
        if (isTensor)
        {
            return SourceKinds.Tensor;
        }

        var isDictionary = _positionalKinds.HasFlag(SourceKinds.Dictionary) && Directory.Exists(word)
            && (RunRecord.IsRunFolder(word) || !File.Exists(Path.Combine(word, "config.json")));
        return isDictionary ? SourceKinds.Dictionary : SourceKinds.Model;
    }
}
