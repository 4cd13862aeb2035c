using Interp.Compute;
using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Analysis.Lenses.Tuned;

/// <summary>The file of a lens's maps: safetensors, or the pickle of the tuned-lens package through the restricted reader.</summary>
internal sealed class LensWeights : IDisposable
{
    public const string SafeFile = "params.safetensors";
    private const string PickledFile = "params.pt";

    private readonly SafetensorsFile? _safe;
    private readonly TorchFile? _pickled;

    private LensWeights(SafetensorsFile? safe, TorchFile? pickled) => (_safe, _pickled) = (safe, pickled);

    public string Path => _safe?.Path ?? _pickled!.Path;

    public IEnumerable<string> Names => _safe?.Entries.Keys ?? _pickled!.Values.Keys;

    /// <exception cref="InterpException">There is no such file, it is damaged, or asks for more than tensors.</exception>
    public static LensWeights Open(string folder)
    {
        var pickled = System.IO.Path.Combine(folder, PickledFile);
        var safe = System.IO.Path.Combine(folder, SafeFile);
        return !File.Exists(safe) && File.Exists(pickled) ? new(null, TorchFile.Open(pickled)) : new(SafetensorsFile.Open(safe), null);
    }

    /// <summary>A tensor on the CPU, owned by the caller.</summary>
    public Tensor Read(string name, ScalarType dtype) => _safe?.Read(name, dtype) ?? _pickled!.Read(name, dtype);

    public void Dispose()
    {
        _safe?.Dispose();
        _pickled?.Dispose();
    }
}
