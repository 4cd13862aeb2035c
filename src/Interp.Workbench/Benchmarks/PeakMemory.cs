using System.Diagnostics;
using System.Globalization;
using Interp.Compute.Devices;

namespace Interp.Workbench.Benchmarks;

/// <summary>
/// How much a piece of work raises the process's resident memory at its highest. Linux keeps the mark itself and lets a process
/// reset it; elsewhere, and where the reset is not allowed, the resident size is read every two milliseconds.
/// </summary>
internal static class PeakMemory
{
    private const double Megabyte = 1e6;

    /// <summary>Megabytes (10⁶ bytes) above the resident size before the work.</summary>
    public static double Rise(Action work)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // Memory that the C library keeps after it was freed would be taken again unseen.
        NativeHeap.Trim();
        var before = Resident();
        var isReset = TryResetMark();
        var peak = before;
        using var done = new CancellationTokenSource();
        var watcher = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                peak = Math.Max(peak, Resident());
                Thread.Sleep(2);
            }
        });
        watcher.Start();
        try
        {
            work();
        }
        finally
        {
            done.Cancel();
            watcher.Join();
        }

        return Math.Max((Math.Max(peak, isReset ? Mark() : 0) - before) / Megabyte, 0);
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static bool TryResetMark()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long Mark()
    {
        const string Key = "VmHWM:";
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith(Key, StringComparison.Ordinal));
        return 1024 * long.Parse(line[Key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
