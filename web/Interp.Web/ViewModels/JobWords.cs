using System.Globalization;
using Interp.Workbench.Figures;
using Interp.Workbench.Jobs;

namespace Interp.Web.ViewModels;

/// <summary>A job in words, at one moment.</summary>
public static class JobWords
{
    // Before that, an estimate of the time left jumps about.
    private static readonly TimeSpan s_stable = TimeSpan.FromSeconds(3);
    private const double SmallestShare = 0.02;

    /// <summary>Where it is in its life.</summary>
    public static string State(Job job) => job.State switch
    {
        JobState.Queued => "waiting",
        JobState.Running when job.IsCancelling => "stopping",
        JobState.Running => "running",
        JobState.Done => "done",
        JobState.Failed => "failed",
        _ => "cancelled",
    };

    /// <summary>The run to open when it is done: the whole line's own run, which holds its report, else the last that it wrote; null for none.</summary>
    public static string? ResultId(Job job) =>
        job.ReportPath is { } report ? Path.GetFileName(Path.GetDirectoryName(report)) : job.RunIds.Count > 0 ? job.RunIds[^1] : null;

    /// <summary>What it is doing, with counts; empty before the first step.</summary>
    public static string Step(Job job)
    {
        if (job.IsFinished || job.Progress is not { } step)
        {
            return "";
        }

        var count = step.Total > 0 ? $": {NumberText.Of(step.Done)} of {NumberText.Of(step.Total)} {step.Unit}" : step.Done > 0 ? $": {NumberText.Of(step.Done)} {step.Unit}" : "";
        var watched = step.Value is { } value ? $" · {step.ValueName ?? "value"} {NumberText.Of(value)}" : "";
        return step.Stage + count + watched;
    }

    /// <summary>The finished share in whole per cent: of a whole line only where its share is known, else of what is being done now; null where neither is.</summary>
    public static int? Percent(Job job) =>
        (job.Request.Analysis == JobRequest.WholeLine && !job.IsFinished ? job.Progress?.Whole : job.FractionOfWhole) is { } share
            ? (int)Math.Floor(100 * Math.Clamp(share, 0, 1))
            : null;

    /// <summary>The share in words; empty where none is known.</summary>
    public static string Share(Job job) => Percent(job) is { } percent ? $"{percent} %{(job.Progress?.Whole is null ? " of this step" : "")}" : "";

    /// <summary>How long it has run and, once that can be said, how long it has left.</summary>
    public static string Time(Job job)
    {
        if (job.StartedUtc is null)
        {
            return "";
        }

        var elapsed = job.Elapsed;

        // The stages of a whole line have only rough shares: no time is made of them.
        var left = job is { State: JobState.Running, Request.Analysis: not JobRequest.WholeLine, Progress.Whole: { } whole } && elapsed > s_stable && whole is > SmallestShare and < 1
            ? $", about {NumberText.Duration(elapsed * ((1 - whole) / whole))} left"
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{NumberText.Duration(elapsed)}{left}");
    }
}
