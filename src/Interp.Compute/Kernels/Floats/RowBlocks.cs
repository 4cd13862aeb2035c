namespace Interp.Compute.Kernels.Floats;

/// <summary>Rows that do not depend on each other, shared among the cores.</summary>
internal static class RowBlocks
{
    /// <summary>Below this many elements a core a second one costs more than it saves.</summary>
    private const long SmallestShare = 1 << 14;

    /// <summary>Runs the work on blocks [from, to) of the rows; the results do not depend on how the rows are shared.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="width">Elements a row.</param>
    /// <param name="work">The work on rows from … to − 1.</param>
    public static void Run(long rows, long width, Action<long, long> work)
    {
        var blocks = (int)Math.Clamp(rows * width / SmallestShare, 1, Math.Min(rows, Environment.ProcessorCount));
        if (blocks == 1)
        {
            work(0, rows);
            return;
        }

        Parallel.For(0, blocks, block => work(rows * block / blocks, rows * (block + 1) / blocks));
    }
}
