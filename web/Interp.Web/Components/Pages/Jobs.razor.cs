using Microsoft.AspNetCore.Components;

namespace Interp.Web.Components.Pages;

/// <summary>All jobs, or one of them.</summary>
public partial class Jobs
{
    /// <summary>The one job, or null for all.</summary>
    [Parameter]
    public string? Id { get; set; }

    private void Cancel(string id) => Model.Cancel(id);
}
