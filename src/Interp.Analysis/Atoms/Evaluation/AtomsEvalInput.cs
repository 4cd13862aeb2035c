using Interp.Analysis.Activations;
using Interp.Analysis.Activations.Capture;
using Interp.Compute;
using Interp.Models;
using TorchSharp;

namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>A dictionary, the activations it is measured on, and the model they come from where the loss is wanted.</summary>
public sealed class AtomsEvalInput : IDisposable
{
    private AtomsEvalInput(SparseAutoencoder dictionary, ActivationStore store, LanguageModel? model, torch.Device device)
    {
        Dictionary = dictionary;
        Store = store;
        Model = model;
        Placed = dictionary.On(device);
    }

    /// <summary>The dictionary, owned by this instance.</summary>
    public SparseAutoencoder Dictionary { get; }

    /// <summary>The activations, owned by this instance.</summary>
    public ActivationStore Store { get; }

    /// <summary>The model, or null; stays the caller's.</summary>
    public LanguageModel? Model { get; }

    /// <summary>The dictionary where rows go through it; the input's.</summary>
    internal SparseAutoencoder Placed { get; }

    /// <summary>Opens dictionary and activations.</summary>
    /// <param name="dictionary">A sparse autoencoder's folder.</param>
    /// <param name="activations">A folder of activations.</param>
    /// <param name="model">The model, or null.</param>
    /// <param name="hook">The hook where the folder holds several; null or empty takes the dictionary's.</param>
    /// <param name="device">Where rows go through the dictionary; null for the CPU.</param>
    /// <exception cref="InterpException">One of them is damaged, or they do not fit each other.</exception>
    public static AtomsEvalInput Open(string dictionary, string activations, LanguageModel? model = null, string? hook = null, torch.Device? device = null)
    {
        var opened = SparseAutoencoder.Load(dictionary);
        ActivationStore? store = null;
        try
        {
            var several = ActivationManifest.Read(activations).Hooks.Count > 1;
            store = ActivationStore.Open(activations, !string.IsNullOrEmpty(hook) ? hook : several ? opened.HookName : null);
            if (store.Width != opened.InputWidth)
            {
                throw new InterpException($"{activations}: {store.Hook} is {store.Width} wide but the dictionary reads {opened.InputWidth}: give the activations of {opened.HookName ?? "its hook"}");
            }

            return new AtomsEvalInput(opened, store, model, device ?? torch.CPU);
        }
        catch
        {
            opened.Dispose();
            store?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!ReferenceEquals(Placed, Dictionary))
        {
            Placed.Dispose();
        }

        Dictionary.Dispose();
        Store.Dispose();
    }

    internal static AtomsEvalInput Open(AnalysisSources sources, AtomsEvalOptions options)
    {
        var dictionary = sources.Dictionary ?? throw new InterpException("atoms-eval needs a dictionary: give a sparse autoencoder's folder");
        return Open(dictionary, sources.Activations ?? Capture(sources, dictionary, options), sources.Model, options.Hook, sources.Device ?? sources.Model?.Device);
    }

    private static string Capture(AnalysisSources sources, string dictionary, AtomsEvalOptions options)
    {
        if (sources.Model is null)
        {
            throw new InterpException("atoms-eval needs activations: give a folder with --activations, or a model to capture");
        }

        using var opened = SparseAutoencoder.Load(dictionary);
        var hook = string.IsNullOrEmpty(options.Hook) ? opened.HookName : options.Hook;
        var folder = Path.Combine(sources.OutputFolder, "activations");
        _ = CaptureAnalysis.Run(new CaptureInput(sources.Model, sources.TextFile, folder), new CaptureOptions { Hooks = hook is null ? [] : [hook], Seed = options.Seed });
        return folder;
    }
}
