using TorchSharp;

namespace Interp.Models.Training;

/// <summary>
/// Keeps the calling thread's tensor arithmetic on one core until disposed. Models of a few thousand weights gain nothing from
/// more, lose much when cores are busy, and give the same bytes whatever the number of cores.
/// </summary>
internal sealed class SingleThread : IDisposable
{
    private readonly int _before = torch.get_num_threads();

    /// <summary>Goes down to one thread.</summary>
    public SingleThread() => torch.set_num_threads(1);

    /// <summary>Goes back to as many as before.</summary>
    public void Dispose() => torch.set_num_threads(_before);
}
