using TorchSharp;

namespace Interp.Analysis.Atoms.Training;

/// <summary>Keeps tensor arithmetic on one core until disposed; results of small products are then the same on any number of cores.</summary>
internal sealed class OneThread : IDisposable
{
    private readonly int _before = torch.get_num_threads();

    public OneThread() => torch.set_num_threads(1);

    public void Dispose() => torch.set_num_threads(_before);
}
