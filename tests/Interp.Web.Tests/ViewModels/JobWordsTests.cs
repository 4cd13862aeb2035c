using Interp.Compute;
using Interp.Web.ViewModels;
using Interp.Workbench.Jobs;

namespace Interp.Web.Tests.ViewModels;

public sealed class JobWordsTests
{
    [Fact]
    public void A_step_is_told_with_its_counts_and_what_is_watched()
    {
        var job = Running(new StepProgress("train SAE", 120, 4000, "steps") { Value = 0.12348, ValueName = "loss" });
        Assert.Equal("train SAE: 120 of 4000 steps · loss 0.1235", JobWords.Step(job));
        Assert.Equal("3 % of this step", JobWords.Share(job));
    }

    [Fact]
    public void A_whole_line_has_a_share_only_when_that_of_the_whole_is_known()
    {
        Assert.Equal("", JobWords.Share(Running(new StepProgress("load", 9, 9, "tensors"), JobRequest.WholeLine)));
        Assert.Equal("42 %", JobWords.Share(Running(new StepProgress("train", 1, 2, "steps") { Whole = 0.4299 }, JobRequest.WholeLine)));
    }

    [Fact]
    public void Without_a_total_there_is_a_count_and_no_share()
    {
        var job = Running(new StepProgress("read", 7, 0, "files"));
        Assert.Equal("read: 7 files", JobWords.Step(job));
        Assert.Null(JobWords.Percent(job));
    }

    [Fact]
    public void A_finished_job_has_no_step_and_opens_its_lines_run()
    {
        var job = Running(new StepProgress("x", 1, 2, "y"), JobRequest.WholeLine);
        job.AddRun("stage");
        job.SetReport(Path.Combine("runs", "line-id", "report.html"));
        job.Finish(JobState.Done);
        Assert.Equal(("done", "", "line-id"), (JobWords.State(job), JobWords.Step(job), JobWords.ResultId(job)));
    }

    private static Job Running(StepProgress step, string analysis = "clock")
    {
        var job = new Job("id", "title", new JobRequest { Analysis = analysis }, TimeProvider.System);
        job.Start();
        job.Report(step);
        return job;
    }
}
