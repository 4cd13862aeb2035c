using System.Security.Cryptography;
using System.Text;

namespace Interp.Workbench.Workspace;

/// <summary>Lets one thread of one process at a time reserve, free and sweep names in a folder; held for moments only.</summary>
internal readonly ref struct StoreGate : IDisposable
{
    private readonly Mutex _mutex;

    private StoreGate(Mutex mutex) => _mutex = mutex;

    /// <summary>Waits for the gate of a folder. A thread that holds it may enter again.</summary>
    public static StoreGate Enter(string folder)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..32];
        var mutex = new Mutex(initiallyOwned: false, $"Global\\interp-{name}");
        try
        {
            mutex.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // Its holder died; the gate is ours, and what it left is swept like anything else.
        }

        return new StoreGate(mutex);
    }

    /// <summary>Opens the gate for the next.</summary>
    public void Dispose()
    {
        _mutex.ReleaseMutex();
        _mutex.Dispose();
    }
}
