using System.Collections.Concurrent;

namespace Interp.Analysis.Activations.Live;

/// <summary>
/// One thread for all runs of a stream's model. The C library keeps the memory that a thread has freed for that thread: on threads of a pool each would
/// hold the most that a run ever took.
/// </summary>
internal sealed class WorkerThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public WorkerThread(string name)
    {
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Does work after what was asked before.</summary>
    public Task<T> Run<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                // Whoever waits for the result meets the error.
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Waits for the work under way and ends the thread.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Run()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
