using TorchSharp;

namespace Interp.Compute.Kernels.Rows;

/// <summary>
/// Runs numbered blocks of work side by side on as many threads as libtorch would use. Which thread runs a block is open, so a block must
/// write to places of its own: then nothing depends on the number of threads.
/// </summary>
internal static class Blocks
{
    /// <summary>The threads: workers are numbered below this.</summary>
    public static int Workers => Math.Max(1, Math.Min(torch.get_num_threads(), Environment.ProcessorCount));

    /// <summary>How many blocks of a size cover a length.</summary>
    public static int Covering(int length, int size) => (length + size - 1) / size;

    /// <summary>Runs all blocks and returns when they are done.</summary>
    /// <param name="count">The blocks.</param>
    /// <param name="workers">The threads, <see cref="Workers"/> or fewer.</param>
    /// <param name="work">Takes a block's number and its worker's number.</param>
    public static void Run(int count, int workers, Action<int, int> work)
    {
        var next = -1;
        workers = Math.Min(workers, count);
        if (workers <= 1)
        {
            Work(0);
            return;
        }

        _ = Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, Work);

        void Work(int worker)
        {
            using var threads = MatrixThreads.One();
            for (var block = Interlocked.Increment(ref next); block < count; block = Interlocked.Increment(ref next))
            {
                work(block, worker);
            }
        }
    }
}
