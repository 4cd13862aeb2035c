using System.Runtime.CompilerServices;
using TorchSharp;

namespace Interp.Tests;

/// <summary>
/// One libtorch thread for each test thread: the tests run side by side already, and small tensors gain nothing from threads that
/// wait for one another.
/// </summary>
internal static class TorchThreads
{
    [ModuleInitializer]
    internal static void UseOne()
    {
        Interp.Compute.Devices.TorchLibraries.Register();
        torch.set_num_threads(1);
    }
}
