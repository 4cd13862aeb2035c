using TorchSharp;

namespace Interp.Analysis.Activations;

/// <summary>
/// Keeps the calling thread's tensor arithmetic on a number of cores until disposed. One core gives small products the same bytes on any
/// machine; naming the number gives a thread of the pool, which may have started under another's setting, the same bytes each time.
/// </summary>
internal sealed class TensorThreads : IDisposable
{
    private readonly int _before = torch.get_num_threads();

    public TensorThreads(int count) => torch.set_num_threads(count);

    public void Dispose() => torch.set_num_threads(_before);
}
