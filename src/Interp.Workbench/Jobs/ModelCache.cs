using Interp.Compute;
using Interp.Models;

namespace Interp.Workbench.Jobs;

/// <summary>Keeps the model of the last request loaded, so that a line of requests on one model loads it once. For one thread at a time.</summary>
internal sealed class ModelCache : IDisposable
{
    private (string Folder, string Device, string? Dtype, DateTime Written) _key;
    private LanguageModel? _model;

    /// <summary>The model of a folder, loaded anew when another one was kept, or when its files changed; it stays the cache's.</summary>
    /// <exception cref="InterpException">The folder holds no model that can be loaded.</exception>
    public LanguageModel Get(string folder, string device, string? dtype, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var key = (folder, device, dtype, LastWritten(folder));
        if (_model is not null && _key == key)
        {
            return _model;
        }

        // Freed first: two models at once may not fit.
        Dispose();
        _model = ModelOpening.Load(folder, device, dtype, adapter: null, progress, cancellation);
        _key = key;
        return _model;
    }

    /// <summary>Frees the model that is kept.</summary>
    public void Dispose()
    {
        _model?.Dispose();
        _model = null;
    }

    private static DateTime LastWritten(string folder) =>
        Directory.EnumerateFiles(folder).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max();
}
