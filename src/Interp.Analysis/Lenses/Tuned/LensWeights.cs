using Interp.Compute;
using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Analysis.Lenses.Tuned;

/// <summary>The file of a lens's maps.</summary>
internal sealed class LensWeights : IDisposable
{
    private readonly SafetensorsFile _file;

    private LensWeights(SafetensorsFile file) => _file = file;

    public string Path => _file.Path;

    public IEnumerable<string> Names => _file.Entries.Keys;

    /// <exception cref="InterpException">There is no such file, or it is damaged.</exception>
    public static LensWeights Open(string folder, string name) => new(SafetensorsFile.Open(System.IO.Path.Combine(folder, name)));

    /// <summary>A tensor on the CPU, owned by the caller.</summary>
    public Tensor Read(string name, ScalarType dtype) => _file.Read(name, dtype);

    public void Dispose() => _file.Dispose();
}
