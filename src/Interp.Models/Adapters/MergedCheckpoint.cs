using Interp.Compute;
using Interp.Models.Checkpoints;
using Interp.Models.Families;
using Interp.Models.Training.FineTuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Adapters;

/// <summary>Writes a checkpoint with an adapter merged into its weights.</summary>
public static class MergedCheckpoint
{
    /// <summary>Merges in float32 at least, rounds once to the checkpoint's own types, and writes weights, configuration and tokenizer.</summary>
    /// <param name="modelFolder">The base model.</param>
    /// <param name="adapterFolder">A LoRA adapter of PEFT.</param>
    /// <param name="folder">The model folder to make; it must not exist or be empty.</param>
    /// <param name="progress">Receives a step a tensor.</param>
    /// <param name="cancellation">Stops between tensors.</param>
    /// <exception cref="InterpException">The folder is taken, or the adapter does not fit the model.</exception>
    /// <remarks>Memory: the whole checkpoint.</remarks>
    public static void Write(string modelFolder, string adapterFolder, string folder, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        Training.ModelFolder.CheckFree(folder);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var checkpoint = Checkpoint.Open(modelFolder);
        using var adapter = LoraAdapter.Open(adapterFolder);
        var merged = new AdaptedWeights(new CheckpointWeights(checkpoint, WeightMemory.Mapped), adapter);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var name in merged.Names.Order(StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            tensors.Add(name, merged.Read(name, checkpoint.Entry(name).Dtype, CPU));
            progress?.Report(new StepProgress("merge", tensors.Count, merged.Names.Count, "tensors"));
        }

        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), tensors);

        // The configuration last: a folder without it is no model.
        TuningFolder.CopyCompanions(modelFolder, folder);
    }
}
