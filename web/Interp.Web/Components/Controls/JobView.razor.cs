using Interp.Web.ViewModels;
using Interp.Workbench.Jobs;
using Microsoft.AspNetCore.Components;

namespace Interp.Web.Components.Controls;

/// <summary>One job: where it is, how far, and what it has written.</summary>
public partial class JobView
{
    /// <summary>The job.</summary>
    [Parameter]
    [EditorRequired]
    public Job Job { get; set; } = null!;

    /// <summary>Whether the page's heading is already the job's.</summary>
    [Parameter]
    public bool IsAlone { get; set; }

    /// <summary>Called with the job's id when its end is asked for.</summary>
    [Parameter]
    public EventCallback<string> OnCancel { get; set; }

    private string AgainAddress => FormAddress.Of(Job.Request);

    private string TagClass => Job.State switch
    {
        JobState.Done => "good",
        JobState.Failed => "bad",
        JobState.Running => "busy",
        _ => "",
    };
}
