using Interp.Analysis.Activations;
using Interp.Analysis.Activations.Capture;
using Interp.Analysis.Activations.Live;
using Interp.Compute;
using Interp.Models;
using TorchSharp;

namespace Interp.Analysis.Atoms.Training;

/// <summary>What a dictionary is trained on and where it goes.</summary>
/// <param name="Activations">A folder of activations, or null to capture a model's first.</param>
/// <param name="Model">The model to capture; stays the caller's.</param>
/// <param name="TextFile">The text to capture, or null for the model's own task.</param>
/// <param name="OutputFolder">Receives the dictionary.</param>
/// <param name="Device">Where to train; null for the model's device, or the CPU without one.</param>
public sealed record AtomsInput(string? Activations, LanguageModel? Model, string? TextFile, string OutputFolder, torch.Device? Device = null)
{
    /// <summary>The captured activations' folder in the output folder.</summary>
    internal const string CapturedFolder = "activations";

    /// <summary>Where the dictionaries are trained.</summary>
    internal torch.Device Place => Device ?? Model?.Device ?? torch.CPU;

    internal static AtomsInput Open(AnalysisSources sources, AtomsOptions options) => sources.Activations is null && sources.Model is null
        ? throw new InterpException("atoms needs activations: give a folder with --activations, or a model to capture")
        : new AtomsInput(sources.Activations, sources.Model, sources.TextFile, sources.OutputFolder, sources.Device);

    /// <summary>Opens the activations, after capturing them where there are none yet.</summary>
    internal ActivationStore OpenStore(AtomsOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var hook = string.IsNullOrEmpty(options.Hook) ? null : options.Hook;
        if (Activations is not null)
        {
            return ActivationStore.Open(Activations, hook);
        }

        var folder = Path.Combine(OutputFolder, CapturedFolder);
        if (!(options.Resume && File.Exists(Path.Combine(folder, ActivationManifest.FileName))))
        {
            var capture = new CaptureOptions { Hooks = Hooks(hook, options.TargetHook), Tokens = options.Tokens, Context = options.Context, Seed = options.StreamSeed, Resume = options.Resume };
            _ = CaptureAnalysis.Run(new CaptureInput(Model!, TextFile, folder), capture, progress, cancellation);
        }

        return ActivationStore.Open(folder, hook ?? (string.IsNullOrEmpty(options.TargetHook) ? null : throw new InterpException("--target-hook needs --hook too: name the hook that the transcoder reads")));
    }

    /// <summary>Opens the model's rows as a stream: the hooks, cuts and positions of the captured sample, without the documents held out of it.</summary>
    /// <exception cref="InterpException">There is no model, or it has no text left.</exception>
    internal ActivationStream OpenStream(ActivationStore sample, ActivationStore? target, HeldOutSplit split, AtomsOptions options)
    {
        var origin = sample.Manifest.Origin;
        var stream = new ActivationStreamOptions
        {
            BufferRows = options.BufferRows,
            Context = origin.Context,
            BeginToken = origin.BeginToken,
            LastOnly = origin.Positions == "last",
            Seed = options.StreamSeed,
        };
        return ActivationStream.Open(Model!, TextFile, target is null ? [sample.Hook] : [sample.Hook, target.Hook], stream, split.HeldOutDocuments(sample));
    }

    private static string[] Hooks(string? hook, string? target) => [.. new[] { hook, target }.Where(name => !string.IsNullOrEmpty(name)).Select(name => name!)];
}
