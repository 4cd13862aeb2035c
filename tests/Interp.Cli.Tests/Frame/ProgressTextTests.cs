using Interp.Cli.Frame;
using Interp.Compute;

namespace Interp.Cli.Tests.Frame;

public sealed class ProgressTextTests
{
    [Fact]
    public void A_step_says_what_how_far_how_fast_and_how_long_still() =>
        Assert.Equal(
            "train SAE 300/1000 steps, 50 steps/s, 0:14 left, loss 0.125",
            ProgressText.Describe(new StepProgress("train SAE", 300, 1000, "steps") { Value = 0.125, ValueName = "loss" }, TimeSpan.FromSeconds(5), 250));

    [Fact]
    public void A_step_of_unknown_length_shows_no_time_left() =>
        Assert.Equal("read 40 files, 4.0 files/s", ProgressText.Describe(new StepProgress("read", 40, 0, "files"), TimeSpan.FromSeconds(10), 40));

    [Fact]
    public void Without_a_terminal_there_is_a_line_every_few_seconds_however_many_steps_are_reported()
    {
        using var error = new StringWriter { NewLine = "\n" };
        var time = new SteppedTime();
        var progress = new ProgressText(error, columns: null, time);
        for (var step = 1; step <= 120; step++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            progress.Report(new StepProgress("count", step, 120, "steps"));
        }

        Assert.Equal(["42% count 50/120 steps, 10 steps/s, 0:07 left", "83% count 100/120 steps, 10 steps/s, 0:02 left"], error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void On_a_terminal_the_bar_is_drawn_over_itself_and_wiped_before_other_lines()
    {
        using var error = new StringWriter { NewLine = "\n" };
        var time = new SteppedTime();
        var progress = new ProgressText(error, columns: 80, time);
        time.Advance(TimeSpan.FromMilliseconds(300));
        progress.Report(new StepProgress("count", 1, 2, "steps"));
        progress.WriteLine("done");
        const string Bar = "[############............] 50% count 1/2 steps";
        Assert.Equal($"\r{Bar}\r{new string(' ', Bar.Length)}\rdone\n", error.ToString());
    }

    [Fact]
    public void A_bar_is_cut_to_the_width_of_the_terminal()
    {
        using var error = new StringWriter { NewLine = "\n" };
        var time = new SteppedTime();
        var progress = new ProgressText(error, columns: 30, time);
        time.Advance(TimeSpan.FromMilliseconds(300));
        progress.Report(new StepProgress("a stage with a long name", 1, 2, "steps"));
        Assert.Equal("\r[############............] 50", error.ToString());
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
