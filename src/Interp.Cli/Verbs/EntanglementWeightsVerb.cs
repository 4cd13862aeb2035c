using System.CommandLine;
using Interp.Analysis;
using Interp.Analysis.Entanglement.Internal;
using Interp.Cli.Frame;
using Interp.Workbench.Jobs;
using Interp.Workbench.Workspace;

namespace Interp.Cli.Verbs;

/// <summary>
/// <c>interp entanglement lora</c> and <c>interp entanglement delta</c>: the analysis of weights with its adapter or its base as
/// words of the verb.
/// </summary>
internal sealed class EntanglementWeightsVerb : Verb
{
    private const string AnalysisName = "entanglement-internal";

    private readonly Argument<string>[] _words;
    private readonly Func<Workspace, string[], JobRequest> _request;
    private readonly OptionFlags _flags = new(typeof(EntanglementInternalOptions), nameof(EntanglementInternalOptions.Adapter), nameof(EntanglementInternalOptions.Base));

    private EntanglementWeightsVerb(string name, string description, Argument<string>[] words, Func<Workspace, string[], JobRequest> request) : base(name, description)
    {
        _words = words;
        _request = request;
        foreach (var word in words)
        {
            Add(word);
        }

        Option[] options = [.. _flags.Options, CommonOptions.RunFolder, CommonOptions.Device];
        foreach (var option in options)
        {
            Add(option);
        }
    }

    /// <summary><c>entanglement lora ADAPTER_DIR</c>.</summary>
    public static EntanglementWeightsVerb Lora() => new(
        "lora",
        "Entropy profiles of what a low-rank adapter changes, without forming its products.",
        [new Argument<string>("adapter") { HelpName = "ADAPTER_DIR", Description = "The adapter's folder, with adapter_model.safetensors." }],
        (_, words) => new JobRequest { Analysis = AnalysisName, Options = new Dictionary<string, string> { [nameof(EntanglementInternalOptions.Adapter)] = words[0] } });

    /// <summary><c>entanglement delta BASE TUNED</c>.</summary>
    public static EntanglementWeightsVerb Delta() => new(
        "delta",
        "Entropy profiles of what training changed: the weights of one model less those of another.",
        [
            new Argument<string>("base") { HelpName = "BASE", Description = "The model before." },
            new Argument<string>("tuned") { HelpName = "TUNED", Description = "The model after." },
        ],
        (workspace, words) => new JobRequest
        {
            Analysis = AnalysisName,
            Model = words[1],
            Options = new Dictionary<string, string> { [nameof(EntanglementInternalOptions.Base)] = workspace.ResolveModel(words[0]) },
        });

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        using var workspace = context.OpenWorkspace();
        using var runner = new RequestRunner(workspace);
        var asked = _request(workspace, [.. _words.Select(word => context.Parsed.GetRequiredValue(word))]);
        var options = _flags.Values(context.Parsed).Concat(asked.Options).ToDictionary();
        var target = context.Get(CommonOptions.RunFolder) is { } folder ? RunTarget.AtFolder(folder) : null;
        asked = asked with { Options = options, Device = context.Device };
        context.LogIfAny(runner.DeviceRemark(asked));
        var run = runner.Run(asked, target, context.Progress, context.Cancellation);
        context.Print(run.Result, (output, _) => RunText.Write(output, run));
    }
}
