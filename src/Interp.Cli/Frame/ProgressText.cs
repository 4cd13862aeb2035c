using System.Globalization;
using Interp.Compute;

namespace Interp.Cli.Frame;

/// <summary>
/// Shows progress on standard error: a bar that is drawn over itself on a terminal, a line every few seconds elsewhere.
/// Reports may come from any thread and as often as they like.
/// </summary>
/// <param name="error">Standard error.</param>
/// <param name="columns">The width of the terminal that it is, or null where it is none.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgressText(TextWriter error, int? columns, TimeProvider time) : IProgress<StepProgress>
{
    private const int BarWidth = 24;
    private static readonly TimeSpan s_redrawEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_lineEvery = TimeSpan.FromSeconds(5);

    // The rate is that of the last moments: the first steps, which also compile and load, would mislead for long.
    private static readonly TimeSpan s_rateOver = TimeSpan.FromSeconds(10);

    // A rate measured over less than this says nothing.
    private static readonly TimeSpan s_rateAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly long _born = time.GetTimestamp();
    private readonly Queue<(long Time, long Done)> _recent = new();
    private long? _shownAt;
    private string? _stage;
    private int _drawn;

    /// <inheritdoc/>
    public void Report(StepProgress value)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_stage != value.Stage)
            {
                _stage = value.Stage;
                _recent.Clear();
                _recent.Enqueue((now, value.Done));
            }

            var every = columns is null ? s_lineEvery : s_redrawEvery;
            if (time.GetElapsedTime(_shownAt ?? _born, now) < every)
            {
                return;
            }

            _shownAt = now;
            while (_recent.Count > 1 && time.GetElapsedTime(_recent.Peek().Time, now) > s_rateOver)
            {
                _recent.Dequeue();
            }

            var (since, from) = _recent.Peek();
            _recent.Enqueue((now, value.Done));
            Show(Describe(value, time.GetElapsedTime(since, now), value.Done - from), value.Whole ?? value.Fraction);
        }
    }

    /// <summary>Writes a line of its own, clear of the bar.</summary>
    public void WriteLine(string line)
    {
        lock (_gate)
        {
            Erase();
            error.WriteLine(line);
            error.Flush();
        }
    }

    /// <summary>Takes the bar away.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Erase();
            error.Flush();
        }
    }

    /// <summary>The words of a step: what, how far, how fast, how long still.</summary>
    /// <param name="step">The step.</param>
    /// <param name="over">The time over which the rate is taken.</param>
    /// <param name="doneSince">The units done in that time.</param>
    internal static string Describe(StepProgress step, TimeSpan over, long doneSince)
    {
        var culture = CultureInfo.InvariantCulture;
        var parts = new List<string> { step.Total > 0 ? $"{step.Stage} {step.Done}/{step.Total} {step.Unit}" : $"{step.Stage} {step.Done} {step.Unit}" };
        if (over >= s_rateAfter && doneSince > 0)
        {
            var rate = doneSince / over.TotalSeconds;
            parts.Add($"{rate.ToString(rate < 10 ? "0.0" : "0", culture)} {step.Unit}/s");
            if (step.Total > step.Done)
            {
                parts.Add($"{Duration(TimeSpan.FromSeconds((step.Total - step.Done) / rate))} left");
            }
        }

        if (step.Value is { } value)
        {
            parts.Add($"{step.ValueName} {value.ToString("G4", culture)}");
        }

        return string.Join(", ", parts);
    }

    private static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}"
        : $"{time.Minutes}:{time.Seconds:00}";

    private void Show(string text, double? share)
    {
        if (columns is not { } width)
        {
            error.WriteLine(share is { } part ? $"{part.ToString("0%", CultureInfo.InvariantCulture)} {text}" : text);
            error.Flush();
            return;
        }

        if (share is { } fraction)
        {
            var full = (int)Math.Round(fraction * BarWidth);
            text = $"[{new string('#', full)}{new string('.', BarWidth - full)}] {fraction.ToString("0%", CultureInfo.InvariantCulture)} {text}";
        }

        // A line that wraps could not be drawn over.
        text = text.Length < width ? text : text[..Math.Max(0, width - 1)];
        error.Write($"\r{text.PadRight(_drawn)}");
        error.Flush();
        _drawn = text.Length;
    }

    private void Erase()
    {
        if (_drawn > 0)
        {
            error.Write($"\r{new string(' ', _drawn)}\r");
            _drawn = 0;
        }
    }
}
