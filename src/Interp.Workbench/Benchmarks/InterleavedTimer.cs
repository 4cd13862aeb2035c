using System.Diagnostics;

namespace Interp.Workbench.Benchmarks;

/// <summary>
/// Times several pieces of work in turn, again and again, and reports medians: what slows the machine for a while slows all of them,
/// so their ratios stay true where absolute times do not.
/// </summary>
public static class InterleavedTimer
{
    /// <summary>Runs each piece of work once untimed, then all of them in turn for a number of rounds.</summary>
    /// <param name="rounds">Timed rounds, at least 1; an odd number gives a median that was measured.</param>
    /// <param name="cancellation">Checked before each piece of work.</param>
    /// <param name="work">The pieces of work; each does the same on every call.</param>
    /// <returns>The median seconds of each, in the order given.</returns>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static IReadOnlyList<double> Medians(int rounds, CancellationToken cancellation, params IReadOnlyList<Action> work)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        foreach (var action in work)
        {
            cancellation.ThrowIfCancellationRequested();
            action();
        }

        var seconds = work.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < work.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();

                // Every second round goes backwards, so that no piece always runs in the wake of the same other.
                var at = round % 2 == 0 ? i : work.Count - 1 - i;
                var start = Stopwatch.GetTimestamp();
                work[at]();
                seconds[at][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        return [.. seconds.Select(Median)];
    }

    /// <summary>The seconds of one run, for work too long to repeat.</summary>
    public static double Once(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The middle value; the mean of the two middle ones of an even number.</summary>
    internal static double Median(double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
