using Interp.Analysis;
using Interp.Compute;
using Interp.Compute.Options;
using Plotly.Blazor;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Web.Tests;

/// <summary>A small analysis without science: it counts for as long as it is told, and draws a ring.</summary>
internal static class ClockAnalysis
{
    public const string Name = "clock";

    public enum Hand
    {
        Hours,
        Minutes,
    }

    public sealed record Options
    {
        [Option("How many points the ring has.", Minimum = 3, Maximum = 10_000, Unit = "points")]
        public int Points { get; init; } = 60;

        [Option("How long a step takes.", Minimum = 0, Maximum = 1000, Unit = "ms")]
        public double StepMilliseconds { get; init; }

        [Option("Which hand is read.")]
        public Hand Hand { get; init; } = Hand.Minutes;

        [Option("Whether the clock runs backwards.")]
        public bool Backwards { get; init; }

        [Option("A word for the title.")]
        public string? Note { get; init; }

        [Option("Hours to mark.", Advanced = true)]
        public IReadOnlyList<int> Marks { get; init; } = [3, 6];

        [Option("The seed.", Minimum = 0, Maximum = long.MaxValue)]
        public long Seed { get; init; }
    }

    public sealed record Result(int Points, double Radius, string Note);

    public static AnalysisEntry Entry { get; } = AnalysisEntry.Create<string, Options, Result>(
        Name, "Clock", "Counts and draws a ring.", SourceKinds.Text, (sources, _) => sources.TextFile ?? "", Run, Draw);

    private static Result Run(string input, Options options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        if (options.Note == "fail")
        {
            throw new InterpException("the clock is broken: wind it up");
        }

        for (var point = 0; point < options.Points; point++)
        {
            progress?.Report(new StepProgress("tick", point, options.Points, "points") { Whole = (double)point / options.Points });
            cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(options.StepMilliseconds));
            cancellation.ThrowIfCancellationRequested();
        }

        return new Result(options.Points, 1, options.Note ?? "");
    }

    private static IReadOnlyList<Figure> Draw(Result result)
    {
        var angles = Enumerable.Range(0, result.Points).Select(i => 2 * Math.PI * i / result.Points).ToList();
        var ring = new Scatter { Mode = ModeFlag.Markers, X = [.. angles.Select(a => (object)Math.Cos(a))], Y = [.. angles.Select(a => (object)Math.Sin(a))] };
        var bars = new Bar { X = [.. Enumerable.Range(0, 12).Cast<object>()], Y = [.. Enumerable.Range(1, 12).Cast<object>()] };
        return [new Figure("ring", "Ring", "The clock's face.", [ring], new Layout()), new Figure("hours", "Hours", "The strokes.", [bars], new Layout())];
    }
}
