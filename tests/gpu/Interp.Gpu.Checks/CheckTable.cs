using System.Globalization;
using Interp.Gpu.Checks.Speeds;

namespace Interp.Gpu.Checks;

/// <summary>What was found, as a Markdown table of correctness and one of speeds.</summary>
/// <param name="device">What it ran on.</param>
/// <param name="baselines">The same work by plain torch operations, timed in the same run; null where there is no PyTorch.</param>
internal sealed class CheckTable(string device, Baselines? baselines)
{
    private readonly List<(string Kernel, string Input, double Error, double Tolerance, string? Failure)> _checks = [];
    private readonly List<SpeedRow> _speeds = [];
    private readonly List<string> _leftOut = [];

    /// <summary>Whether every check is within its tolerance and every row within its limit.</summary>
    public bool IsGood => _checks.TrueForAll(check => check.Failure is null && check.Error <= check.Tolerance) && _speeds.TrueForAll(row => row.Holds);

    /// <summary>Plain torch operations' times; null without PyTorch.</summary>
    public Baselines? Baselines => baselines;

    /// <summary>Adds a comparison; the error NaN is no agreement.</summary>
    public void Add(KernelCheck check, double error) => Add(check.Name, InputOf(check), error, check.Tolerance);

    /// <summary>Adds a comparison that is no check of one kernel; the error NaN is no agreement.</summary>
    public void Add(string kernel, string input, double error, double tolerance) => _checks.Add((kernel, input, error, tolerance, double.IsNaN(error) ? "not a number" : null));

    /// <summary>Adds a kernel that could not run.</summary>
    public void AddFailure(KernelCheck check, string failure) => _checks.Add((check.Name, InputOf(check), double.NaN, check.Tolerance, failure));

    /// <summary>Adds a time.</summary>
    public void Add(SpeedRow row) => _speeds.Add(row);

    /// <summary>Says what was not done, and why.</summary>
    public void LeaveOut(string what) => _leftOut.Add(what);

    /// <summary>Writes both tables.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine($"Device: {device}");
        output.WriteLine();
        output.WriteLine("| kernel | inputs | largest error | allowed | |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var kernel in _checks.GroupBy(check => check.Kernel))
        {
            var worst = kernel.MaxBy(check => double.IsNaN(check.Error) ? double.PositiveInfinity : check.Error / Math.Max(check.Tolerance, 1e-300));
            var isGood = kernel.All(check => check.Failure is null && check.Error <= check.Tolerance);
            output.WriteLine(
                $"| {kernel.Key} | {kernel.Count()}: {string.Join(", ", kernel.Select(check => check.Input).Distinct())} | {Short(worst.Error)} | {Short(worst.Tolerance)} | {(isGood ? "good" : $"WRONG on {worst.Input}{(worst.Failure is null ? "" : $": {worst.Failure}")}")} |");
        }

        if (_speeds.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("| work | time (ms) | rate | over | ratio | limit | |");
            output.WriteLine("|---|---|---|---|---|---|---|");
            foreach (var row in _speeds)
            {
                output.WriteLine($"| {row.Name} | {Short(row.Milliseconds)} | {row.Rate} | {row.Against} | {Short(row.Ratio)} | {(double.IsNaN(row.Limit) ? "" : Short(row.Limit))} | {(double.IsNaN(row.Limit) ? "" : row.Holds ? "holds" : "OVER")} |");
            }
        }

        foreach (var what in _leftOut)
        {
            output.WriteLine();
            output.WriteLine($"Left out: {what}.");
        }

        output.WriteLine();
        output.WriteLine((IsGood ? "gpu checks: all good" : "gpu checks: NOT all good") + (_leftOut.Count > 0 ? $", {_leftOut.Count} left out" : ""));
    }

    private static string InputOf(KernelCheck check) => check.Input.ToString().ToLowerInvariant();

    private static string Short(double value) => double.IsNaN(value) ? "–" : value.ToString("G3", CultureInfo.InvariantCulture);
}
